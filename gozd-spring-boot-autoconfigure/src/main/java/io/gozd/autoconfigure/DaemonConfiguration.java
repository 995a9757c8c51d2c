package io.gozd.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;

import io.gozd.daemon.DaemonSettings;
import io.gozd.daemon.ProcessSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * The properties of the daemon, checked and completed.
 *
 * @param properties the properties as they are
 * @param settings what they mean
 * @param signals the signals that mean a reload
 */
record DaemonConfiguration(GozdProperties properties, DaemonSettings settings, Set<String> signals) {

	private static final String SIGNALS = "gozd.reload.signals";

	private static final Set<String> KNOWN_SIGNALS = Set.of("HUP", "USR2");

	/** The variable that gives the JVM another signal than USR2 for its own use. */
	private static final String SUSPEND_SIGNAL = "_JAVA_SR_SIGNUM";

	private static final int SIGSEGV = 11;

	private static final int SIGUSR2 = 12;

	private static final int SIGNALS_END = 65;

	private static final int LEAST_FILES = 128;

	static DaemonConfiguration of(Environment environment, Function<String, @Nullable String> variables) {
		GozdProperties properties = Binder.get(environment).bindOrCreate("gozd", GozdProperties.class);
		GozdProperties.Reload reload = properties.reload();
		positive("gozd.exit-timeout", properties.exitTimeout());
		positive("gozd.reload.timeout", reload.timeout());
		if (properties.commandTimeout() != null) {
			positive("gozd.command-timeout", properties.commandTimeout());
		}
		notNegative("gozd.drain.websocket-timeout", properties.drain().websocketTimeout());
		notNegative("gozd.drain.sse-timeout", properties.drain().sseTimeout());
		notNegative("gozd.reload.probation", reload.probation());
		if (reload.maxGenerations() < 2) {
			throw new InvalidConfigurationPropertyValueException("gozd.reload.max-generations", reload.maxGenerations(),
					"A reload has two generations at least");
		}
		checkSignals(reload.signals(), variables.apply(SUSPEND_SIGNAL));
		DaemonSettings settings = new DaemonSettings(name(properties.name(), environment), properties.name() != null,
				absolute(properties.runDirectory()), absolute(properties.pidfile()), properties.exitTimeout(),
				reload.timeout(), reload.probation(), reload.maxGenerations());
		return new DaemonConfiguration(properties, settings, reload.signals());
	}

	/** What the process is to become before the application starts. */
	ProcessSettings process() {
		GozdProperties.MaxFds maxFds = this.properties.maxFds();
		limit("gozd.max-fds.soft", maxFds.soft());
		limit("gozd.max-fds.hard", maxFds.hard());
		return new ProcessSettings(text(this.properties.user()), text(this.properties.group()), maxFds.soft(),
				maxFds.hard(), absolute(this.properties.logfile()), this.properties.resident());
	}

	private static void limit(String name, @Nullable Long value) {
		if (value != null && value < LEAST_FILES) {
			throw new InvalidConfigurationPropertyValueException(name, value,
					"A JVM needs some hundred files of its own: at least " + LEAST_FILES);
		}
	}

	private static @Nullable String text(@Nullable String value) {
		return (value != null && !value.isBlank()) ? value.strip() : null;
	}

	static void positive(String name, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new InvalidConfigurationPropertyValueException(name, value, "A time to wait is more than nothing");
		}
	}

	private static void notNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(name, value, "A time to wait is not negative");
		}
	}

	private static void checkSignals(Set<String> signals, @Nullable String suspendSignal) {
		for (String signal : signals) {
			if (!KNOWN_SIGNALS.contains(signal)) {
				throw new InvalidConfigurationPropertyValueException(SIGNALS, signal, "Known are HUP and USR2");
			}
		}
		if (signals.contains("USR2") && !isFree(suspendSignal)) {
			throw new InvalidConfigurationPropertyValueException(SIGNALS, signals,
					"The JVM suspends its threads with USR2. Start it with the environment variable " + SUSPEND_SIGNAL
							+ " set to a signal that nobody uses, such as 60 (it is "
							+ ((suspendSignal != null) ? "'" + suspendSignal + "'" : "not set") + "), or use HUP");
		}
	}

	/** Whether the JVM takes the number, and so leaves USR2 alone. */
	private static boolean isFree(@Nullable String suspendSignal) {
		try {
			int number = (suspendSignal != null) ? Integer.parseInt(suspendSignal.trim()) : 0;
			return number > SIGSEGV && number != SIGUSR2 && number < SIGNALS_END;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	static String name(@Nullable String chosen, Environment environment) {
		if (chosen != null) {
			return chosen;
		}
		String application = environment.getProperty("spring.application.name");
		if (application != null && !application.isBlank()) {
			return application;
		}
		Path file = Path.of(System.getProperty("java.class.path", "").split(":")[0]).getFileName();
		String jar = (file != null) ? file.toString() : "";
		return jar.isEmpty() ? "daemon" : jar.replaceFirst("\\.jar$", "");
	}

	static @Nullable Path absolute(@Nullable Path path) {
		return (path != null) ? path.toAbsolutePath().normalize() : null;
	}

}
