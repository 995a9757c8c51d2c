package io.gozd.daemon;

import java.io.IOException;
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
import io.gozd.listener.Listener;
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

	private static final int FIRST_OUTPUT = 1;

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

	private volatile @Nullable SuccessorProcess successor;

	private @Nullable MessageChannel messages;

	private @Nullable Future<?> timer;

	private DrainCause cause = DrainCause.TERMINATE;

	private boolean committed;

	private HandoverTimes times = new HandoverTimes();

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
		if (this.successor != null && !this.committed) {
			this.successor.kill(false);
		}
	}

	boolean isSuccessor(long pid) {
		SuccessorProcess process = this.successor;
		return process != null && process.pid() == pid;
	}

	/** Read what the successor says; in the thread of its connection. */
	void converse(Message hello, long pid, MessageChannel channel) throws IOException {
		channel.readTimeout(0);
		this.loop.execute(() -> {
			if (!isSuccessor(pid) || this.machine.state() != Incumbent.State.RELOADING) {
				refuse(pid, channel);
				return;
			}
			this.messages = channel;
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
				if (channel == this.messages) {
					this.messages = null;
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
		if (channel != this.messages) {
			return;
		}
		switch (message.type()) {
			case Message.PREPARED -> {
				this.faults.at("incumbent", "prepared-received");
				this.times.prepared();
				this.machine.prepared();
			}
			case Message.ACCEPTING -> {
				this.faults.at("incumbent", "accepting-received");
				this.machine.accepting();
			}
			case Message.RELOAD -> this.machine.reload();
			case Message.FAILED -> this.machine.successorFailed(String.valueOf(message.field("reason")));
			case Message.TERMINATING -> this.machine.successorTerminates();
			default -> logger.debug("The successor says " + message.type() + ", which this release does not know");
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
		this.committed = false;
		this.messages = null;
		this.times = new HandoverTimes();
		SuccessorProcess process = SuccessorProcess.start(command, this.commandLine, address);
		this.successor = process;
		process.onEnd((how) -> this.loop.execute(() -> ended(process, how)));
		logger.info("Reload: generation " + generation + " starts (pid " + process.pid() + ")");
		this.application.publish(new ReloadStarted(generation));
		this.faults.at("incumbent", "successor-started");
	}

	/** End the oldest drains at once, where there would be too many generations. */
	private void makeRoom() throws IOException {
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

	private void ended(SuccessorProcess process, String how) {
		if (process == this.successor) {
			this.machine.successorEnded(how);
		}
	}

	@Override
	public void sendTable() throws IOException {
		List<Listener> open = this.listeners.open();
		List<Integer> descriptors = new ArrayList<>(List.of(FIRST_OUTPUT, FIRST_OUTPUT + 1));
		for (Listener listener : open) {
			descriptors.add(this.posix.get().listeningDescriptor(listener.address()));
		}
		MessageChannel channel = channel();
		channel.send(Heritage.table(open));
		channel.sendDescriptors(descriptors);
		this.faults.at("incumbent", "table-sent");
	}

	@Override
	public void sendCommit() throws IOException {
		this.committed = true;
		this.times.committed();
		channel().send(Message.of(Message.COMMIT).with("probation-millis", this.settings.probation().toMillis()));
		this.faults.at("incumbent", "commit-sent");
	}

	@Override
	public void sendOwner(boolean reloadPending) throws IOException {
		channel().send(Message.of(Message.OWNER).with("reload-pending", reloadPending));
		this.faults.at("incumbent", "owner-sent");
	}

	private MessageChannel channel() throws IOException {
		MessageChannel channel = this.messages;
		if (channel == null) {
			throw new IOException("there is no connection");
		}
		return channel;
	}

	@Override
	public void killSuccessor(String reason) {
		MessageChannel channel = this.messages;
		this.messages = null;
		if (channel != null) {
			try {
				channel.send(Message.of(Message.ABORT, reason));
			}
			catch (IOException ex) {
				logger.debug("The successor can't be told that the reload is off", ex);
			}
		}
		if (this.successor != null) {
			// One that may accept must not have time to touch the listeners.
			this.successor.kill(!this.committed);
		}
	}

	@Override
	public void stopAccepting() {
		this.endpoints.stopAccepting();
		this.times.stopped();
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
		if (this.successor != null) {
			logger.info("Generation " + (generation + 1) + " (pid " + this.successor.pid() + ") serves, generation "
					+ generation + " drains");
		}
		logger.info("Handover of generation " + generation + ": " + this.times.describe());
		this.ending.begin(DrainCause.HANDOVER);
		this.faults.at("incumbent", "draining");
	}

	@Override
	public void release() {
		MessageChannel channel = this.messages;
		this.messages = null;
		if (channel != null) {
			channel.close();
		}
		this.endpoints.forEach(Endpoint::closeListener);
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
		this.ending.begin(this.cause);
	}

	@Override
	public void exit() {
		this.ending.exit();
	}

	@Override
	public void reloadFailed(String reason) {
		StringBuilder text = new StringBuilder("Reload failed: ").append(reason);
		SuccessorProcess process = this.successor;
		this.successor = null;
		if (process != null) {
			List<String> lines = process.lastLines();
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
