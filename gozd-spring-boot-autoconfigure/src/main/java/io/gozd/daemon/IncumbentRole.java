package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.gozd.drain.DrainCause;
import io.gozd.drain.Endpoint;
import io.gozd.drain.Endpoints;
import io.gozd.event.ReloadFailed;
import io.gozd.event.ReloadStarted;
import io.gozd.handover.Incumbent;
import io.gozd.handover.IncumbentActions;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What this process does as the incumbent. All in the {@link Loop}.
 */
final class IncumbentRole implements IncumbentActions {

	private static final Log logger = LogFactory.getLog(IncumbentRole.class);

	private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(10);

	private final DaemonSettings settings;

	private final DaemonFiles files;

	private final CommandLine commandLine;

	private final Loop loop;

	private final Supplier<Posix> posix;

	private final ListenerTable listeners;

	private final Endpoints endpoints;

	private final Application application;

	private final Ending ending;

	private final Faults faults;

	private final Incumbent machine = new Incumbent(this);

	private volatile @Nullable Attempt attempt;

	private @Nullable Future<?> timer;

	private DrainCause cause = DrainCause.TERMINATE;

	/** What the successor did not adopt: nobody else accepts there. */
	private List<Endpoint> dropped = List.of();

	IncumbentRole(DaemonSettings settings, DaemonFiles files, CommandLine commandLine, Loop loop, Supplier<Posix> posix,
			ListenerTable listeners, Endpoints endpoints, Application application, Ending ending, Faults faults) {
		this.settings = settings;
		this.files = files;
		this.commandLine = commandLine;
		this.loop = loop;
		this.posix = posix;
		this.listeners = listeners;
		this.endpoints = endpoints;
		this.application = application;
		this.ending = ending;
		this.faults = faults;
	}

	Incumbent machine() {
		return this.machine;
	}

	void terminate(DrainCause cause) {
		this.cause = cause;
		this.machine.terminate();
	}

	/** End the successor with this process, where it has not taken over. */
	void endNow() {
		if (this.attempt != null) {
			this.attempt.killUnlessCommitted();
		}
	}

	/** Whether it is the pid that was started; for any thread. */
	boolean isSuccessor(long pid) {
		Attempt attempt = this.attempt;
		return attempt != null && attempt.pid() == pid;
	}

	/** Read what the successor says; in the thread of its connection. */
	void converse(Message hello, long pid, MessageChannel channel) throws IOException {
		channel.readTimeout(0);
		this.loop.execute(() -> {
			Attempt attempt = this.attempt;
			if (attempt == null || attempt.pid() != pid || this.machine.state() != Incumbent.State.RELOADING) {
				refuse(pid, channel);
				return;
			}
			attempt.connected(channel);
			this.faults.at("incumbent", "hello-received");
			logger.debug("Generation " + hello.field("generation") + " (pid " + pid + ") says HELLO");
			this.machine.hello();
		});
		try {
			while (true) {
				Message message = channel.receive();
				this.loop.execute(() -> told(message, channel));
			}
		}
		catch (IOException ex) {
			this.loop.execute(() -> {
				if (this.attempt != null && this.attempt.isConnectedBy(channel)) {
					this.machine.connectionLost("The connection to the successor is gone: " + ex.getMessage());
				}
			});
			throw ex;
		}
	}

	private static void refuse(long pid, MessageChannel channel) {
		try {
			channel.send(Message.of(Message.REFUSED, "pid " + pid + " is not the successor"));
		}
		catch (IOException ex) {
			logger.debug("Pid " + pid + " does not wait to be refused", ex);
		}
		channel.close();
	}

	private void told(Message message, MessageChannel channel) {
		Attempt attempt = this.attempt;
		if (attempt == null || !attempt.isConnectedBy(channel)) {
			return;
		}
		switch (message.type()) {
			case Message.PREPARED -> {
				this.faults.at("incumbent", "prepared-received");
				prepared(attempt, message);
			}
			case Message.ACCEPTING -> {
				this.faults.at("incumbent", "accepting-received");
				this.machine.accepting();
			}
			case Message.RELOAD -> this.machine.reload();
			case Message.FAILED -> {
				attempt.ends();
				this.machine.successorFailed(String.valueOf(message.field("reason")));
			}
			case Message.TERMINATING -> this.machine.successorTerminates();
			default -> logger.debug("The successor says " + message.type() + ", which this release does not know");
		}
	}

	private void prepared(Attempt attempt, Message message) {
		try {
			attempt.prepared(message);
			this.machine.prepared();
		}
		catch (IOException ex) {
			this.machine.successorFailed("The successor says what can't be understood: " + ex.getMessage());
		}
	}

	@Override
	public void startSuccessor() throws IOException {
		String obstacle = this.application.obstacle();
		if (!obstacle.isEmpty()) {
			throw new IOException(obstacle);
		}
		SuccessorChecks.check(this.commandLine, NativePosix.isLoaded());
		int generation = this.files.generation() + 1;
		makeRoom();
		SuccessorCommand command = SuccessorCommand.of(this.commandLine.arguments(), System::getenv, generation);
		command.notes().forEach(logger::warn);
		HandoverAddress address = new HandoverAddress(this.files.pid(), generation, this.files.socket());
		SuccessorProcess process = SuccessorProcess.start(command, this.commandLine, address);
		Attempt attempt = new Attempt(process, this.faults);
		this.attempt = attempt;
		try {
			process.onEnd((how) -> this.loop.execute(() -> ended(attempt, how)));
			logger.info("Reload: generation " + generation + " starts (pid " + process.pid() + ")");
			this.application.publish(new ReloadStarted(generation));
		}
		catch (RuntimeException | Error ex) {
			// No more threads, say: then nobody waits for it.
			process.kill();
			throw ex;
		}
		this.faults.at("incumbent", "successor-started");
	}

	/** End the oldest drains at once, where there would be too many generations. */
	private void makeRoom() throws IOException {
		if (!Files.exists(this.files.socket())) {
			throw new IOException("The control socket " + this.files.socket() + " is gone (removed at a logout, or by a"
					+ " cleaner of temporary files?): restart the daemon, with gozd.run-directory at a place that stays");
		}
		List<Path> others = this.files.others();
		int tooMany = others.size() + 2 - this.settings.maxGenerations();
		for (Path socket : others.subList(0, Math.max(0, Math.min(tooMany, others.size())))) {
			logger.warn("More than gozd.reload.max-generations=" + this.settings.maxGenerations()
					+ " processes: the oldest, " + socket.getFileName() + ", ends at once");
			try {
				ControlClient.tell(this.posix.get(), socket, Message.of(Message.END));
			}
			catch (IOException ex) {
				logger.debug("It has ended already", ex);
			}
		}
	}

	private void ended(Attempt attempt, String how) {
		if (attempt == this.attempt) {
			this.machine.successorEnded(how);
		}
	}

	private Attempt attempt() throws IOException {
		Attempt attempt = this.attempt;
		if (attempt == null) {
			throw new IOException("there is no successor");
		}
		return attempt;
	}

	@Override
	public void sendTable() throws IOException {
		attempt().sendTable(this.listeners.open(), this.posix.get());
	}

	@Override
	public void sendCommit() throws IOException {
		attempt().sendCommit(this.settings.probation());
	}

	@Override
	public void sendOwner(boolean reloadPending) throws IOException {
		attempt().sendOwner(reloadPending);
	}

	@Override
	public void killSuccessor(String reason) {
		Attempt attempt = this.attempt;
		if (attempt != null) {
			Duration grace = attempt.end(reason);
			if (!grace.isZero()) {
				this.loop.schedule(grace, attempt::kill);
			}
		}
	}

	@Override
	public void stopAccepting() {
		Attempt attempt = this.attempt;
		this.dropped = this.endpoints.stopAccepting((key) -> attempt == null || attempt.adopts(key));
		if (attempt != null) {
			attempt.times().stopped();
		}
		this.faults.at("incumbent", "accept-stopped");
	}

	@Override
	public void resumeAccepting() {
		this.endpoints.open();
		this.ending.cancel();
		this.files.take();
		logger.warn("Generation " + this.files.generation() + " accepts again");
	}

	@Override
	public void beginDrain() {
		int generation = this.files.generation();
		if (this.attempt != null) {
			logger.info("Generation " + (generation + 1) + " (pid " + this.attempt.pid() + ") serves, generation "
					+ generation + " drains");
			logger.info("Handover of generation " + generation + ": " + this.attempt.times().describe());
		}
		try {
			this.ending.begin(DrainCause.HANDOVER, this.dropped);
		}
		catch (RuntimeException | Error ex) {
			// No more threads, say: nobody counts connections, but the deadline holds.
			logger.error("This generation can't drain as it should", ex);
			this.loop.schedule(this.settings.exitTimeout(), this.machine::drained);
		}
		this.faults.at("incumbent", "draining");
	}

	@Override
	public void release() {
		if (this.attempt != null) {
			this.attempt.disconnect();
		}
		this.endpoints.forEach((endpoint) -> {
			if (!this.dropped.contains(endpoint)) {
				endpoint.closeListener();
			}
		});
		this.ending.released();
	}

	@Override
	public void forwardReload() {
		logger.info("This generation drains: the reload is passed on");
		try {
			ControlClient.tell(this.posix.get(), this.files.directory().controlSocket(), Message.of(Message.RELOAD));
		}
		catch (IOException ex) {
			logger.warn("The reload can't be passed on: " + ex.getMessage());
		}
	}

	@Override
	public void terminate() {
		List<Endpoint> all = new ArrayList<>();
		this.endpoints.forEach(all::add);
		this.ending.begin(this.cause, all);
	}

	@Override
	public void exit() {
		if (this.attempt != null) {
			// What the successor printed until it took its own output is still on its
			// way.
			this.attempt.lastLines();
		}
		this.ending.exit();
	}

	@Override
	public void reloadFailed(String reason) {
		StringBuilder text = new StringBuilder("Reload failed: ").append(reason);
		Attempt attempt = this.attempt;
		this.attempt = null;
		if (attempt != null) {
			attempt.removeFiles();
			List<String> lines = attempt.lastLines();
			if (!lines.isEmpty()) {
				text.append("\nIts last lines were:");
				lines.forEach((line) -> text.append("\n  | ").append(line));
			}
		}
		logger.error(text);
		this.application.publish(new ReloadFailed(reason));
	}

	@Override
	public void ignored(String reason) {
		logger.info(reason);
	}

	@Override
	public void startTimer(Incumbent.Timer timer) {
		cancelTimer();
		Duration delay = switch (timer) {
			case PREPARE -> this.settings.reloadTimeout();
			case COMMIT -> COMMIT_TIMEOUT;
			case PROBATION -> this.settings.probation();
		};
		this.timer = this.loop.schedule(delay, () -> this.machine.timeout(timer));
	}

	@Override
	public void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel(false);
			this.timer = null;
		}
	}

}
