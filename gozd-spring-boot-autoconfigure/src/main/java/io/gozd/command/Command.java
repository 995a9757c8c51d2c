package io.gozd.command;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The values of {@code gozd.command}. */
public enum Command {

	/** Be the daemon, in the foreground. */
	RUN,

	/** Start the daemon in the background, and return when it serves. */
	START,

	/** End the daemon without breaking a connection. */
	STOP,

	/** Replace the process that serves, and return when its successor does. */
	RELOAD,

	/** The same, as gozd calls it. */
	REOPEN,

	/** End every process of the daemon at once. */
	KILL,

	/** Say how the daemon is. */
	STATUS;

	/**
	 * Return the command of a name.
	 * @param name as it is configured, in any case
	 * @return the command, or nothing if there is none
	 */
	public static Optional<Command> of(String name) {
		return Arrays.stream(values()).filter((command) -> command.text().equalsIgnoreCase(name.strip())).findFirst();
	}

	/**
	 * Return the names that can be configured.
	 * @return them, with commas between
	 */
	public static String names() {
		return Arrays.stream(values()).map(Command::text).collect(Collectors.joining(", "));
	}

	/**
	 * Return the exit code where the configuration is wrong: of {@code status}, 2 would
	 * mean that nothing lives.
	 * @return 2, or 4 where it is not known how the daemon is
	 */
	public int wrongConfiguration() {
		return (this == STATUS) ? ExitCode.UNKNOWN : ExitCode.WRONG_CONFIGURATION;
	}

	/**
	 * Return its name.
	 * @return as it is configured
	 */
	public String text() {
		return name().toLowerCase(Locale.ROOT);
	}

}
