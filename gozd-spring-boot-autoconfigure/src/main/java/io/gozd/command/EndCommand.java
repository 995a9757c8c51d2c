package io.gozd.command;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.gozd.daemon.DaemonProcesses;
import io.gozd.daemon.GenerationProcess;
import io.gozd.daemon.ProvenProcess;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import org.jspecify.annotations.Nullable;

/**
 * Ends a daemon and waits until the last of its processes is gone, those that begin to
 * serve meanwhile included. A signal is sent only to a process that is proven to be one
 * of the daemon's.
 */
final class EndCommand {

	private static final long LOOK_MILLIS = 100;

	private static final int ANSWER_MILLIS = 10_000;

	private final String name;

	private final DaemonProcesses processes;

	private final boolean patient;

	private final Duration limit;

	private final Console console;

	private final Map<GenerationProcess, ProvenProcess> proven = new LinkedHashMap<>();

	private final Map<GenerationProcess, IOException> unproven = new LinkedHashMap<>();

	private final Set<Long> told = new HashSet<>();

	private final Set<ProcessHandle> killed = new LinkedHashSet<>();

	private boolean searched;

	/**
	 * Create the command.
	 * @param patient whether the processes may drain
	 * @param limit how long that may take
	 */
	EndCommand(String name, DaemonProcesses processes, boolean patient, Duration limit, Console console) {
		this.name = name;
		this.processes = processes;
		this.patient = patient;
		this.limit = limit;
		this.console = console;
	}

	int run() throws IOException, InterruptedException {
		if (this.processes.all().isEmpty()) {
			return result("is not running");
		}
		long deadline = System.nanoTime() + this.limit.toNanos();
		while (System.nanoTime() - deadline < 0) {
			for (GenerationProcess process : others()) {
				prove(process);
			}
			if (this.patient) {
				terminate();
			}
			else {
				kill();
			}
			if (isOver()) {
				checkUnproven();
				return result("has ended");
			}
			TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
		}
		return overdue();
	}

	private List<GenerationProcess> others() throws IOException {
		return this.processes.others(this.proven.keySet())
			.stream()
			.filter((process) -> !this.unproven.containsKey(process))
			.toList();
	}

	/** Those who can't be proven keep nobody from the others. */
	private void prove(GenerationProcess process) {
		try {
			this.proven.put(process, process.prove());
		}
		catch (IOException ex) {
			this.unproven.put(process, ex);
		}
	}

	/** Fail if somebody is left who was left alone. */
	private void checkUnproven() throws IOException {
		List<GenerationProcess> left = this.processes.all();
		for (Map.Entry<GenerationProcess, IOException> each : this.unproven.entrySet()) {
			if (left.contains(each.getKey())) {
				throw each.getValue();
			}
			// It has ended between two looks.
		}
	}

	/** Who drains already goes on with that; who has the daemon is told. */
	private void terminate() throws IOException {
		GenerationProcess incumbent = incumbent();
		ProvenProcess process = (incumbent != null) ? this.proven.get(incumbent) : null;
		if (process != null && process.isAlive() && this.told.add(process.pid())) {
			// Where it hangs up on everybody, its name still tells.
			if (!isAsked(process.process()) && !process.isDraining()) {
				process.terminate();
			}
			this.console.say("Pid " + process.pid() + " is told to end");
		}
	}

	private @Nullable GenerationProcess incumbent() throws IOException {
		Optional<GenerationProcess> named = this.processes.named().filter(this.proven::containsKey);
		if (named.isEmpty() && !this.searched) {
			this.searched = true;
			return this.processes.incumbent().orElse(null);
		}
		return named.orElse(null);
	}

	/**
	 * Ask it to end, because a second signal would break what it lets drain since the
	 * first.
	 * @return false if it has not taken the request
	 */
	private static boolean isAsked(GenerationProcess incumbent) {
		try (MessageChannel channel = incumbent.ask(Message.of(Message.TERMINATE), ANSWER_MILLIS)) {
			return channel.receive().type().equals(Message.TERMINATE);
		}
		catch (SocketTimeoutException ex) {
			// It will find the request when it can do something.
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void kill() throws IOException {
		for (ProvenProcess process : living()) {
			for (ProcessHandle handle : process.kill()) {
				if (this.killed.add(handle)) {
					this.console.say("Pid " + handle.pid() + " is killed");
				}
			}
		}
	}

	private List<ProvenProcess> living() {
		return this.proven.values().stream().filter(ProvenProcess::isAlive).toList();
	}

	private boolean isOver() throws IOException {
		return living().isEmpty() && this.killed.stream().noneMatch(ProvenProcess::isAlive) && others().isEmpty();
	}

	private int result(String what) {
		for (GenerationProcess process : this.proven.keySet()) {
			this.processes.tidyUp(process);
		}
		this.console.result(new Json().with("name", this.name).with("running", false), this.name + " " + what);
		return ExitCode.DONE;
	}

	private int overdue() throws IOException {
		Stream<Long> living = Stream.concat(living().stream().map(ProvenProcess::pid),
				this.killed.stream().filter(ProvenProcess::isAlive).map(ProcessHandle::pid));
		String pids = Stream.concat(living, this.processes.all().stream().map(GenerationProcess::pid))
			.distinct()
			.map(String::valueOf)
			.collect(Collectors.joining(", "));
		String reason = "has not ended after " + this.limit.toSeconds() + " s"
				+ (pids.isEmpty() ? "" : ": pid " + pids + " lives");
		String way = this.patient ? "gozd.command=status says what it waits for, gozd.command=kill ends it"
				: "gozd.command-timeout is how long this command waits";
		this.console.fail(new Json().with("name", this.name).with("running", true), reason,
				this.name + " " + reason + ". " + way);
		return ExitCode.FAILED;
	}

}
