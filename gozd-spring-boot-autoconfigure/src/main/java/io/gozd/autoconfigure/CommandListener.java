package io.gozd.autoconfigure;

import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.IntConsumer;

import io.gozd.command.Command;
import io.gozd.command.Commands;
import io.gozd.command.Console;
import io.gozd.daemon.DaemonSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Does what {@code gozd.command} says, in place of the application: as soon as the
 * configuration is read, before there is a log file, a banner or a context.
 */
final class CommandListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private final Function<String, @Nullable String> variables;

	private final Console people;

	private final Runnable begin;

	private final IntConsumer exit;

	/**
	 * Create the listener of an application that may be a command.
	 * @param variables the environment of the process
	 * @param people where commands print
	 * @param begin called before a command is done: this process is no daemon then
	 * @param exit ends the process with a code
	 */
	CommandListener(Function<String, @Nullable String> variables, Console people, Runnable begin, IntConsumer exit) {
		this.variables = variables;
		this.people = people;
		this.begin = begin;
		this.exit = exit;
	}

	@Override
	public int getOrder() {
		// The configuration is read then, and nothing is opened yet, nor bound.
		return LoggingApplicationListener.DEFAULT_ORDER - 2;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		Environment environment = event.getEnvironment();
		int wrong = Command.RUN.wrongConfiguration();
		try {
			Command command = CommandProperties.command(environment);
			if (command != Command.RUN) {
				wrong = command.wrongConfiguration();
				this.begin.run();
				this.exit.accept(execute(command, environment));
			}
		}
		catch (InvalidConfigurationPropertyValueException ex) {
			wrong(wrong, ex.getName() + "=" + ex.getValue() + " is not valid: " + ex.getReason());
		}
		catch (BindException ex) {
			ConfigurationProperty property = ex.getProperty();
			Throwable cause = ex;
			while (cause.getCause() != null) {
				cause = cause.getCause();
			}
			wrong(wrong, ((property != null) ? property.getName() + "=" + property.getValue() : ex.getName().toString())
					+ " is not valid: " + cause.getMessage());
		}
	}

	private int execute(Command command, Environment environment) {
		boolean json = CommandProperties.isJson(environment);
		Path logfile = null;
		DaemonSettings settings;
		if (command == Command.START) {
			DaemonConfiguration configuration = configurationToStart(environment);
			logfile = configuration.process().logfile();
			settings = configuration.settings();
		}
		else {
			settings = CommandProperties.settings(environment);
		}
		return new Commands(settings, logfile, CommandProperties.limit(environment),
				new Console(this.people.output(), this.people.errors(), json))
			.execute(command);
	}

	private DaemonConfiguration configurationToStart(Environment environment) {
		DaemonConfiguration configuration = DaemonConfiguration.of(environment, this.variables);
		if (!configuration.properties().enabled()) {
			throw new InvalidConfigurationPropertyValueException("gozd.command", Command.START.text(),
					"With gozd.enabled=false there is no daemon to start");
		}
		return configuration;
	}

	private void wrong(int exitCode, String text) {
		this.people.errors().println(text);
		this.exit.accept(exitCode);
	}

}
