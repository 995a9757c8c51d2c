package io.gozd.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;

import io.gozd.command.Command;
import io.gozd.daemon.DaemonSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * Which command is meant, for whom its output is, and what leads to the daemon. Read
 * before the other properties, which do not matter where none is meant: nor may one that
 * is wrong keep anybody from ending a daemon.
 */
final class CommandProperties {

	private static final String COMMAND = "gozd.command";

	private static final String FORMAT = "gozd.format";

	private static final String LIMIT = "gozd.command-timeout";

	private static final GozdProperties DEFAULTS = new Binder().bindOrCreate("gozd", GozdProperties.class);

	private CommandProperties() {
	}

	static Command command(Environment environment) {
		String name = value(environment, COMMAND, DEFAULTS.command());
		return Command.of(name)
			.orElseThrow(() -> new InvalidConfigurationPropertyValueException(COMMAND, name,
					"Known are " + Command.names()));
	}

	static boolean isJson(Environment environment) {
		String format = value(environment, FORMAT, DEFAULTS.format());
		if (!format.equals("text") && !format.equals("json")) {
			throw new InvalidConfigurationPropertyValueException(FORMAT, format, "Known are text, json");
		}
		return format.equals("json");
	}

	static @Nullable Duration limit(Environment environment) {
		Duration limit = Binder.get(environment).bind(LIMIT, Duration.class).orElse(null);
		if (limit != null) {
			DaemonConfiguration.positive(LIMIT, limit);
		}
		return limit;
	}

	/** Of a daemon that runs. */
	static DaemonSettings settings(Environment environment) {
		Binder binder = Binder.get(environment);
		String name = binder.bind("gozd.name", String.class).orElse(null);
		return new DaemonSettings(DaemonConfiguration.name(name, environment), name != null,
				path(binder, "gozd.run-directory"), path(binder, "gozd.pidfile"),
				time(binder, "gozd.exit-timeout", DEFAULTS.exitTimeout()),
				time(binder, "gozd.reload.timeout", DEFAULTS.reload().timeout()),
				time(binder, "gozd.reload.probation", DEFAULTS.reload().probation()),
				DEFAULTS.reload().maxGenerations());
	}

	private static @Nullable Path path(Binder binder, String name) {
		return DaemonConfiguration.absolute(binder.bind(name, Path.class).orElse(null));
	}

	/** How long to wait at most: the default, where the value is wrong. */
	private static Duration time(Binder binder, String name, Duration otherwise) {
		try {
			Duration time = binder.bind(name, Duration.class).orElse(otherwise);
			return time.isNegative() ? otherwise : time;
		}
		catch (BindException ex) {
			return otherwise;
		}
	}

	private static String value(Environment environment, String name, String otherwise) {
		return Binder.get(environment).bind(name, String.class).orElse(otherwise);
	}

}
