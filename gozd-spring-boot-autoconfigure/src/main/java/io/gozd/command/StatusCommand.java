package io.gozd.command;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

import io.gozd.daemon.DaemonProcesses;
import io.gozd.daemon.GenerationProcess;
import org.jspecify.annotations.Nullable;

/**
 * Says how a daemon is: the process that has it, and those that it has beside.
 */
final class StatusCommand {

	private static final int SILENCE_MILLIS = 10_000;

	private final String name;

	private final DaemonProcesses processes;

	private final Console console;

	private final long deadline;

	/** Whether a process lives and does not answer. */
	private boolean silent;

	/**
	 * Create the command.
	 * @param limit how long it may take, all processes together
	 */
	StatusCommand(String name, DaemonProcesses processes, Duration limit, Console console) {
		this.name = name;
		this.processes = processes;
		this.console = console;
		this.deadline = System.nanoTime() + limit.toNanos();
	}

	int run() throws IOException {
		ProcessStatus status = incumbent();
		List<ProcessStatus> others = others((status != null) ? status.pid() : -1);
		if (status == null) {
			// Who lives and does not tell may be the one that has the daemon.
			boolean unknown = this.silent || others.stream().anyMatch(ProcessStatus::isUnknown);
			StringBuilder text = new StringBuilder(
					this.name + (unknown ? " does not tell whether it is running" : " is not running"));
			others.forEach((other) -> text.append('\n').append(other.text()));
			this.console.result(json(unknown).with("generations", json(others)), text.toString());
			return unknown ? ExitCode.UNKNOWN : ExitCode.NOT_RUNNING;
		}
		print(status, others);
		return status.isUnknown() ? ExitCode.UNKNOWN : ExitCode.DONE;
	}

	/** It is asked first: while others are asked, it may hand over. */
	private @Nullable ProcessStatus incumbent() throws IOException {
		Optional<GenerationProcess> incumbent = this.processes.incumbent();
		if (incumbent.isEmpty()) {
			return null;
		}
		try {
			return ask(incumbent.get());
		}
		catch (IOException ex) {
			if (!this.processes.incumbent().equals(incumbent)) {
				// It was replaced meanwhile, or has ended.
				return incumbent();
			}
			throw new IOException(
					"Pid " + incumbent.get().pid() + " has the daemon and does not answer: " + ex.getMessage(), ex);
		}
	}

	private ProcessStatus ask(GenerationProcess process) throws IOException {
		long left = TimeUnit.NANOSECONDS.toMillis(this.deadline - System.nanoTime());
		return ProcessStatus.ask(process, Timeout.millis(SILENCE_MILLIS, left));
	}

	private List<ProcessStatus> others(long incumbent) throws IOException {
		List<ProcessStatus> others = new ArrayList<>();
		for (GenerationProcess process : this.processes.all()) {
			if (process.pid() != incumbent) {
				try {
					others.add(ask(process));
				}
				catch (IOException ex) {
					if (this.processes.all().contains(process)) {
						this.silent = true;
						this.console.fail("Pid " + process.pid() + " does not answer: " + ex.getMessage());
					}
				}
			}
		}
		return others;
	}

	private Json json(boolean running) {
		return new Json().with("name", this.name).with("running", running);
	}

	private static List<Json> json(List<ProcessStatus> processes) {
		return processes.stream().map((process) -> process.addTo(new Json())).toList();
	}

	private void print(ProcessStatus status, List<ProcessStatus> others) {
		Json json = status.addTo(json(true)).with("generations", json(others));
		StringBuilder text = new StringBuilder(this.name + ": " + status.text());
		others.forEach((other) -> text.append('\n').append(other.text()));
		if (status.reload() != null) {
			json.with("lastReload",
					new Json().with("outcome", status.reload())
						.with("at", status.reloadAt())
						.with("reason", status.reloadReason()));
			text.append("\nlast reload: ").append(status.reload()).append(" at ").append(status.reloadAt());
			if (!status.reloadReason().isEmpty()) {
				text.append(": ").append(status.reloadReason());
			}
		}
		this.console.result(json, text.toString());
	}

}
