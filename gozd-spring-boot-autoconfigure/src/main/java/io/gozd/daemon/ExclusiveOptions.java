package io.gozd.daemon;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Options of the JVM that two processes can't have both, because they name a port or a
 * file: dropped or renamed for the successor.
 */
final class ExclusiveOptions {

	private static final Pattern DEBUGGER = Pattern.compile("-(agentlib:jdwp=|Xrunjdwp:).*");

	private static final Pattern DEBUGGER_PORT = Pattern.compile("(?:[=:,])address=(?:[^,]*:)?0*([1-9]\\d*)(?:,.*)?$");

	private static final Pattern JMX_PORT = Pattern
		.compile("-Dcom\\.sun\\.management\\.jmxremote\\.(rmi\\.)?port=0*[1-9]\\d*");

	private static final Pattern LOG = Pattern.compile("(-Xlog:[^:]*:)(file=)?(\"[^\"]+\"|[^:]+)(:.*)?");

	private static final Pattern GC_LOG = Pattern.compile("(-Xloggc:)()(.+)()");

	private static final Pattern GENERATION = Pattern.compile("\\.g\\d+(?=(\\.[^./]*)?$)");

	private static final Pattern EXTENSION = Pattern.compile("(?<=[^/])(\\.[^./]*)?$");

	private final int generation;

	private final Consumer<String> notes;

	/**
	 * Create a filter.
	 * @param generation the number of the successor; becomes part of file names
	 * @param notes told what is changed, a sentence for each option
	 */
	ExclusiveOptions(int generation, Consumer<String> notes) {
		this.generation = generation;
		this.notes = notes;
	}

	List<String> filter(List<String> options) {
		List<String> kept = new ArrayList<>();
		for (String option : options) {
			if (isDebuggerPort(option)) {
				this.notes.accept("The successor starts without " + option
						+ ": the port is taken. address=0 gives each generation a port of its own");
			}
			else if (JMX_PORT.matcher(option).matches()) {
				this.notes.accept("The successor starts without " + option + ": the port is taken");
			}
			else {
				kept.add(renamed(option));
			}
		}
		return kept;
	}

	private boolean isDebuggerPort(String option) {
		return DEBUGGER.matcher(option).matches() && option.contains("server=y")
				&& DEBUGGER_PORT.matcher(option).find();
	}

	private String renamed(String option) {
		Matcher matcher = LOG.matcher(option);
		if (!matcher.matches()) {
			matcher = GC_LOG.matcher(option);
			if (!matcher.matches()) {
				return option;
			}
		}
		String name = matcher.group(3);
		String quote = name.startsWith("\"") ? "\"" : "";
		String file = name.replace("\"", "");
		// %p and %t: the process and the time are part of the name already.
		if (file.equals("stdout") || file.equals("stderr") || file.contains("%p") || file.contains("%t")) {
			return option;
		}
		String own = EXTENSION.matcher(GENERATION.matcher(file).replaceFirst(""))
			.replaceFirst(".g" + this.generation + "$0");
		String renamed = matcher.group(1) + orEmpty(matcher.group(2)) + quote + own + quote + orEmpty(matcher.group(4));
		this.notes.accept("The successor starts with " + renamed + " instead of " + option + ": the file is taken");
		return renamed;
	}

	private static String orEmpty(@Nullable String group) {
		return (group != null) ? group : "";
	}

}
