package io.gozd.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

import io.gozd.daemon.DaemonProcesses;
import io.gozd.daemon.DaemonSettings;
import org.jspecify.annotations.Nullable;

/**
 * Does a command about a daemon, in a process that is not of the daemon.
 */
public final class Commands {

	/** What a daemon may take beyond the time that its drain may take. */
	private static final Duration SLACK = Duration.ofSeconds(30);

	private static final Duration STATUS_LIMIT = Duration.ofSeconds(30);

	private static final Duration KILL_LIMIT = Duration.ofSeconds(30);

	private final DaemonSettings settings;

	private final @Nullable Path logfile;

	private final @Nullable Duration limit;

	private final Console console;

	/**
	 * Create it.
	 * @param settings which daemon, and how long it may take for what
	 * @param logfile where the daemon's output goes, or null if it has no log file
	 * @param limit how long a command may take, or null for a time that suits it
	 * @param console where it prints
	 */
	public Commands(DaemonSettings settings, @Nullable Path logfile, @Nullable Duration limit, Console console) {
		this.settings = settings;
		this.logfile = logfile;
		this.limit = limit;
		this.console = console;
	}

	/**
	 * Do a command, and print how it goes.
	 * @param command any but {@link Command#RUN}
	 * @return the exit code: 0 done, or running; 1 not done; of {@code status} 3 not
	 * running, 4 not known
	 */
	public int execute(Command command) {
		try {
			DaemonProcesses processes = DaemonProcesses.of(this.settings);
			if (command != Command.START) {
				processes.check();
			}
			return execute(command, processes);
		}
		catch (IOException | UncheckedIOException ex) {
			String reason = String.valueOf(ex.getMessage());
			this.console.fail(new Json().with("name", this.settings.name()), reason,
					"gozd.command=" + command.text() + ": " + reason);
			return (command == Command.STATUS) ? ExitCode.UNKNOWN : ExitCode.FAILED;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return ExitCode.FAILED;
		}
	}

	private int execute(Command command, DaemonProcesses processes) throws IOException, InterruptedException {
		String name = this.settings.name();
		return switch (command) {
			case RUN -> throw new IllegalArgumentException("Not a command about another process: run");
			case START ->
				new StartCommand(name, processes, this.logfile, limit(this.settings.reloadTimeout()), this.console)
					.run();
			case STOP ->
				new EndCommand(name, processes, true, limit(this.settings.exitTimeout().plus(SLACK)), this.console)
					.run();
			case KILL -> new EndCommand(name, processes, false, limit(KILL_LIMIT), this.console).run();
			case RELOAD, REOPEN -> new ReloadCommand(name, processes, limit(twoReloads()), this.console).run();
			case STATUS -> new StatusCommand(name, processes, limit(STATUS_LIMIT), this.console).run();
		};
	}

	private Duration limit(Duration suitable) {
		return (this.limit != null) ? this.limit : suitable;
	}

	/** One may go on already. */
	private Duration twoReloads() {
		return this.settings.reloadTimeout().plus(this.settings.probation()).plus(SLACK).multipliedBy(2);
	}

}
