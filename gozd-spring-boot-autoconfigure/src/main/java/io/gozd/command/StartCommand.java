package io.gozd.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.gozd.daemon.DaemonProcesses;
import io.gozd.daemon.DetachedStart;
import io.gozd.daemon.GenerationProcess;
import org.jspecify.annotations.Nullable;

/**
 * Starts a daemon in the background.
 */
final class StartCommand {

	private static final List<String> ARGUMENTS = List.of("--gozd.command=", "--gozd.format=", "-Dgozd.command=",
			"-Dgozd.format=");

	private static final List<String> VARIABLES = List.of("GOZD_COMMAND", "GOZD_FORMAT");

	private final String name;

	private final DaemonProcesses processes;

	private final @Nullable Path logfile;

	private final Duration limit;

	private final Console console;

	StartCommand(String name, DaemonProcesses processes, @Nullable Path logfile, Duration limit, Console console) {
		this.name = name;
		this.processes = processes;
		this.logfile = logfile;
		this.limit = limit;
		this.console = console;
	}

	int run() throws IOException {
		Optional<GenerationProcess> running = this.processes.incumbent();
		if (running.isPresent()) {
			String reason = "is running already, as pid " + running.get().pid() + " (run directory "
					+ this.processes.directory() + ")";
			this.console.fail(new Json().with("name", this.name).with("running", true), reason,
					this.name + " " + reason);
			return ExitCode.FAILED;
		}
		DetachedStart.Result result = new DetachedStart(this.processes, this.logfile)
			.run((argument) -> ARGUMENTS.stream().anyMatch(argument::startsWith), VARIABLES, this.limit);
		if (result.failure() != null) {
			this.console.fail(new Json().with("name", this.name).with("running", false), result.failure(),
					this.name + " does not start: " + result.failure());
			this.console.quote(result.lastLines());
			return ExitCode.FAILED;
		}
		this.console.result(new Json().with("name", this.name).with("running", true).with("pid", result.pid()),
				Long.toString(result.pid()));
		return ExitCode.DONE;
	}

}
