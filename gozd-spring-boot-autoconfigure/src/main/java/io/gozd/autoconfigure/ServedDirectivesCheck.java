package io.gozd.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

import io.gozd.boot.Starters;
import io.gozd.daemon.DaemonException;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Protocol;

import org.springframework.context.SmartLifecycle;

/**
 * Sees to it that somebody serves each directive, when everything has started.
 */
final class ServedDirectivesCheck implements SmartLifecycle {

	private final Directives directives;

	private final Consumer<String> failure;

	private volatile boolean running;

	/**
	 * Create it.
	 * @param directives what is to be served
	 * @param failure is told why the application does not start, before it closes
	 */
	ServedDirectivesCheck(Directives directives, Consumer<String> failure) {
		this.directives = directives;
		this.failure = failure;
	}

	@Override
	public void start() {
		List<Directive> unserved = this.directives.unserved().stream().map(this.directives::get).toList();
		if (!unserved.isEmpty()) {
			List<String> faults = unserved.stream()
				.map((directive) -> "gozd.directives." + directive.id() + ".protocol is '" + name(directive)
						+ "', and nothing serves it")
				.toList();
			String wayOut = wayOut(unserved.get(0));
			this.failure.accept(String.join(", ", faults) + ". " + wayOut);
			throw new DaemonException(String.join("\n", faults), wayOut);
		}
		this.running = true;
	}

	private static String name(Directive directive) {
		return directive.protocol().name().toLowerCase(Locale.ROOT);
	}

	private static String wayOut(Directive directive) {
		String otherwise = ", choose another protocol, or remove the directive";
		if (directive.protocol() == Protocol.FCGI) {
			return "Use spring-boot-starter-tomcat as the application's web server, the only one that speaks FastCGI"
					+ otherwise;
		}
		if (directive.protocol().isWeb()) {
			return "Add a web server, as " + Starters.web() + " does" + otherwise;
		}
		return "Add a bean that implements TcpHandler and has @HandlesDirective(\"" + directive.id()
				+ "\"), serve the listener with the bean ChannelListeners before the application has started"
				+ otherwise;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

}
