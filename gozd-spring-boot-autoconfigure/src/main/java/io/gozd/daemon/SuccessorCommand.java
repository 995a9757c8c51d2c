package io.gozd.daemon;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The command that starts the successor: this process's own, without what two processes
 * can't have both.
 *
 * @param arguments the arguments, the launcher first
 * @param environment the variables that differ from this process's
 * @param notes what was changed, for people
 */
record SuccessorCommand(List<String> arguments, Map<String, String> environment, List<String> notes) {

	private static final String NATIVE_ACCESS = "--enable-native-access";

	/** From here on the JVM warns about native access that nobody has allowed. */
	private static final int NATIVE_ACCESS_WARNING = 24;

	/** The variables from which the java launcher and the JVM take options. */
	private static final List<String> OPTION_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS",
			"_JAVA_OPTIONS");

	static SuccessorCommand of(List<String> commandLine, Function<String, String> environment, int generation) {
		List<String> notes = new ArrayList<>();
		ExclusiveOptions exclusive = new ExclusiveOptions(generation, notes::add);
		List<String> arguments = new ArrayList<>();
		arguments.add(commandLine.get(0));
		if (Runtime.version().feature() >= NATIVE_ACCESS_WARNING
				&& commandLine.stream().noneMatch((argument) -> argument.startsWith(NATIVE_ACCESS))) {
			arguments.add(NATIVE_ACCESS + "=ALL-UNNAMED");
		}
		int programArguments = programArguments(commandLine);
		exclusive.filter(commandLine.subList(1, programArguments)).forEach(arguments::add);
		arguments.addAll(commandLine.subList(programArguments, commandLine.size()));
		return new SuccessorCommand(arguments, variables(exclusive, environment), notes);
	}

	/** The index of the first argument that is the program's, not the JVM's. */
	private static int programArguments(List<String> commandLine) {
		int jar = commandLine.indexOf("-jar");
		return (jar >= 0) ? Math.min(jar + 2, commandLine.size()) : commandLine.size();
	}

	private static Map<String, String> variables(ExclusiveOptions exclusive, Function<String, String> environment) {
		Map<String, String> variables = new LinkedHashMap<>();
		for (String name : OPTION_VARIABLES) {
			String value = environment.apply(name);
			if (value != null) {
				List<String> options = List.of(value.trim().split("\\s+"));
				List<String> filtered = exclusive.filter(options);
				if (!filtered.equals(options)) {
					variables.put(name, String.join(" ", filtered));
				}
			}
		}
		return variables;
	}

}
