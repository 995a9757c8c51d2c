package io.gozd.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Supplier;

import io.gozd.drain.DrainCause;
import io.gozd.event.ReloadFailed;
import io.gozd.event.ReloadStarted;
import io.gozd.handover.Incumbent;
import io.gozd.handover.IncumbentActions;
import io.gozd.handover.Message;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What this process does as the incumbent. All in the {@link Loop}.
 */
final class IncumbentRole implements IncumbentActions {

	private static final Log logger = LogFactory.getLog(IncumbentRole.class);

	private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(10);

	/** What the service manager waits longer than this process does. */
	private static final Duration MARGIN = Duration.ofSeconds(10);

	private final DaemonSettings settings;

	private final DaemonFiles files;

	private final Loop loop;

	private final Supplier<Posix> posix;

	private final ListenerTable listeners;

	private final Application application;

	private final Withdrawal withdrawal;

	private final Faults faults;

	private final SuccessorStart start;

	private final ServiceManager serviceManager;

	private final Reloads reloads;

	private final CurrentAttempt current = new CurrentAttempt();

	private final Incumbent machine = new Incumbent(this);

	private final LoopTimer timer;

	private final Stragglers stragglers;

	private Runnable whenReleased = () -> {
	};

	/** This process has handed the daemon over, and is still what it is known by. */
	private volatile boolean staysMain;

	IncumbentRole(DaemonSettings settings, DaemonFiles files, SuccessorStart start, Reloads reloads, Loop loop,
			Supplier<Posix> posix, ListenerTable listeners, Application application, Withdrawal withdrawal,
			Faults faults, ServiceManager serviceManager) {
		this.settings = settings;
		this.files = files;
		this.start = start;
		this.reloads = reloads;
		this.loop = loop;
		this.timer = new LoopTimer(loop);
		this.stragglers = new Stragglers(files, loop);
		this.posix = posix;
		this.listeners = listeners;
		this.application = application;
		this.withdrawal = withdrawal;
		this.faults = faults;
		this.serviceManager = serviceManager;
	}

	Incumbent machine() {
		return this.machine;
	}

	CurrentAttempt current() {
		return this.current;
	}

	/** Whether this process has told its successor to end, as it was told to itself. */
	boolean endsWithSuccessor() {
		return this.staysMain;
	}

	/** Do something at the moment when the daemon is the successor's. */
	void whenReleased(Runnable action) {
		this.whenReleased = action;
	}

	void terminate(DrainCause cause) {
		this.withdrawal.because(cause);
		this.machine.terminate();
	}

	/** End the successor with this process, where it has not taken over. */
	void endNow() {
		this.current.ifAny(Attempt::killUnlessCommitted);
	}

	@Override
	public void startSuccessor() throws IOException {
		this.reloads.begin();
		this.serviceManager
			.reloads(this.settings.reloadTimeout().plus(COMMIT_TIMEOUT).plus(this.settings.probation()).plus(MARGIN));
		Attempt attempt = this.start.start();
		this.current.begin(attempt);
		int generation = this.start.generation();
		try {
			attempt.onEnd((how) -> this.loop.execute(() -> ended(attempt, how)));
			logger.info("Reload: generation " + generation + " starts (pid " + attempt.pid() + ")");
			this.reloads.step("Generation " + generation + " starts (pid " + attempt.pid() + ")");
			this.application.publish(new ReloadStarted(generation));
		}
		catch (RuntimeException | Error ex) {
			// No more threads, say: then nobody waits for it.
			attempt.kill();
			throw ex;
		}
		this.faults.at("incumbent", "successor-started");
	}

	private void ended(Attempt attempt, String how) {
		if (attempt == this.current.get()) {
			if (this.machine.state() == Incumbent.State.RELEASED && attempt.exitCode().orElse(0) != 0) {
				logger.error("The generation that this one was replaced by has ended: " + how);
			}
			this.machine.successorEnded(how);
		}
	}

	@Override
	public void sendTable() throws IOException {
		this.reloads
			.step("Generation " + this.start.generation() + " takes over the listeners and starts the application");
		this.current.orFail().sendTable(this.listeners.open(), this.posix.get());
	}

	@Override
	public void sendCommit() throws IOException {
		this.reloads.step("Generation " + this.start.generation() + " is ready: it is told to accept");
		this.current.orFail().sendCommit(this.settings.probation());
	}

	@Override
	public void sendOwner(boolean reloadPending) throws IOException {
		this.current.orFail().sendOwner(reloadPending, endsAsMain());
	}

	/**
	 * The service manager takes no other main process any more once it has told this one
	 * to end.
	 */
	private boolean endsAsMain() {
		return this.machine.isTerminating() && this.serviceManager.isTold();
	}

	@Override
	public void killSuccessor(String reason) {
		this.current.ifAny((attempt) -> {
			Duration grace = attempt.end(reason);
			if (!grace.isZero()) {
				this.loop.schedule(grace, attempt::kill);
			}
		});
	}

	@Override
	public void stopAccepting() {
		Attempt attempt = this.current.get();
		this.withdrawal.stopAccepting((key) -> attempt == null || attempt.adopts(key));
		this.current.ifAny((handover) -> handover.times().stopped());
		this.faults.at("incumbent", "accept-stopped");
	}

	@Override
	public void resumeAccepting() {
		this.withdrawal.revoke();
		this.files.take();
		logger.warn("Generation " + this.files.generation() + " accepts again");
	}

	@Override
	public void beginDrain() {
		int generation = this.files.generation();
		this.current.ifAny((attempt) -> {
			logger.info("Generation " + (generation + 1) + " (pid " + attempt.pid() + ") serves, generation "
					+ generation + " drains");
			logger.info("Handover of generation " + generation + ": " + attempt.times().describe());
		});
		this.reloads.step("Generation " + (generation + 1) + " serves, on probation for "
				+ this.settings.probation().toMillis() + " ms; generation " + generation + " drains");
		this.withdrawal.drain(this.machine::drained);
		this.faults.at("incumbent", "draining");
	}

	@Override
	public void release() {
		this.staysMain = endsAsMain();
		if (this.staysMain) {
			stops();
		}
		this.current.ifAny((attempt) -> {
			if (!this.staysMain) {
				this.serviceManager.handsOver(attempt.pid());
			}
			attempt.disconnect();
		});
		this.withdrawal.complete();
		this.reloads.succeeded();
		this.whenReleased.run();
	}

	private void stops() {
		this.serviceManager.stops(this.settings.exitTimeout().plus(MARGIN).plus(MARGIN),
				this.listeners.open().stream().map(StoredName::of).toList());
	}

	@Override
	public void forwardReload() {
		if (this.files.nameThisProcess()) {
			logger.warn("The reload can't be passed on: the successor could not make itself known in "
					+ this.files.directory().path());
			return;
		}
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
		this.reloads.refuse("The daemon terminates");
		stops();
		this.withdrawal.terminate();
	}

	@Override
	public void exit() {
		// What the successor printed until it took its own output is still on its way.
		this.current.ifAny(Attempt::lastLines);
		if (this.staysMain || (this.machine.state() == Incumbent.State.TERMINATING && this.serviceManager.endsAll())) {
			this.stragglers.await(this.settings.exitTimeout(), this::close);
		}
		else {
			close();
		}
	}

	private void close() {
		this.serviceManager.closes(this.settings.exitTimeout().plus(MARGIN));
		this.withdrawal.exit();
	}

	@Override
	public void reloadFailed(String reason) {
		Attempt attempt = this.current.end();
		String lastLines = (attempt != null) ? attempt.remains() : "";
		logger.error("Reload failed: " + reason + lastLines);
		this.reloads.failed(reason, lastLines);
		this.serviceManager.reloadFailed(reason);
		this.application.publish(new ReloadFailed(reason));
	}

	@Override
	public void ignored(String reason) {
		logger.info(reason);
		this.reloads.refuse(reason);
	}

	@Override
	public void startTimer(Incumbent.Timer timer) {
		Duration delay = switch (timer) {
			case PREPARE -> this.settings.reloadTimeout();
			case COMMIT -> COMMIT_TIMEOUT;
			case PROBATION -> this.settings.probation();
		};
		this.timer.start(delay, () -> this.machine.timeout(timer));
	}

	@Override
	public void cancelTimer() {
		this.timer.cancel();
	}

}
