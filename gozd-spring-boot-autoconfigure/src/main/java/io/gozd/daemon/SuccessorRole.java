package io.gozd.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.handover.Message;
import io.gozd.handover.Successor;
import io.gozd.handover.SuccessorActions;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.SocketFile;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * What this process does as the successor. All in the {@link Loop}.
 */
final class SuccessorRole implements SuccessorActions {

	private static final Log logger = LogFactory.getLog(SuccessorRole.class);

	/** An incumbent says at once what is due: so long only if something is broken. */
	private static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(30);

	private final IncumbentLink link;

	private final DaemonFiles files;

	private final Loop loop;

	private final ListenerTable listeners;

	private final Endpoints endpoints;

	private final Faults faults;

	private final Consumer<Boolean> owner;

	private final Successor machine = new Successor(this);

	private final LoopTimer timer;

	private final InheritedOutput output;

	private List<StoredName> dropped = List.of();

	private boolean terminates;

	/**
	 * Create the role.
	 * @param owner told when the daemon is this process's own, and whether a reload is
	 * owed
	 */
	SuccessorRole(IncumbentLink link, DaemonFiles files, Loop loop, Supplier<Posix> posix, ListenerTable listeners,
			Endpoints endpoints, Faults faults, Consumer<Boolean> owner) {
		this.link = link;
		this.files = files;
		this.loop = loop;
		this.timer = new LoopTimer(loop);
		this.output = new InheritedOutput(files.logfile(), () -> link.heritage().output(), posix);
		this.listeners = listeners;
		this.endpoints = endpoints;
		this.faults = faults;
		this.owner = owner;
	}

	Successor machine() {
		return this.machine;
	}

	/** Whether the incumbent has said that the daemon is this process's. */
	boolean isHandedOver() {
		return this.link.isHandedOver();
	}

	/** Whether the daemon ends, and the incumbent stays its main process until then. */
	boolean endsWithIncumbent() {
		return this.terminates || this.link.isStopping();
	}

	/** Whether the incumbent was told to end, for the daemon as a whole. */
	boolean isToldToEnd() {
		return this.link.isStopping();
	}

	void ready() {
		this.link.whenGreeted(() -> this.loop.execute(this.machine::ready));
	}

	/** Leave nothing of this process behind, and say that it will not serve. */
	void abandon(String reason) {
		try {
			this.listeners.abandon();
		}
		catch (IOException ex) {
			logger.warn("The file of a Unix socket is left behind: " + ex.getMessage());
		}
		// Last: who hears it may kill this process.
		this.link.send(Message.of(Message.FAILED, reason));
	}

	@Override
	public void sendPrepared() {
		this.faults.at("successor", "before-prepared");
		List<SocketFile> made = this.listeners.made();
		this.link.send(Message.of(Message.PREPARED)
			.withList("listeners", this.listeners.open().stream().map((listener) -> listener.key().value()).toList())
			.withList("files", made.stream().map((file) -> file.path().toString()).toList())
			.withList("inodes", made.stream().map(SocketFile::inode).toList()));
		this.faults.at("successor", "prepared-sent");
	}

	@Override
	public void goAlone() {
		this.output.take();
		logger.warn("The incumbent has died: this generation goes on alone");
	}

	@Override
	public void openGates() throws IOException {
		this.listeners.listen();
		this.endpoints.open();
		this.faults.at("successor", "gates-open");
	}

	@Override
	public void shutGates() {
		this.endpoints.stopAccepting((key) -> true);
	}

	@Override
	public void sendAccepting() {
		this.link.send(Message.of(Message.ACCEPTING));
		this.faults.at("successor", "accepting-sent");
	}

	@Override
	public void sendReload() {
		this.link.send(Message.of(Message.RELOAD));
	}

	@Override
	public void sendTerminating() {
		this.terminates = true;
		this.link.send(Message.of(Message.TERMINATING));
	}

	@Override
	public void endIncumbent() {
		this.link.killIncumbent();
	}

	@Override
	public void takeFiles() {
		this.files.take();
		this.faults.at("successor", "took-over");
	}

	@Override
	public void own(boolean reloadPending) {
		this.output.take();
		this.link.finish();
		settle();
		this.owner.accept(reloadPending);
	}

	/** What the incumbent listened on and this process does not. */
	List<StoredName> dropped() {
		return this.dropped;
	}

	private void settle() {
		List<InheritedListener> unwanted = this.listeners.unwanted();
		unwanted.stream().filter(InheritedListener::supervised).forEach(Supervision::warnOfUnserved);
		this.dropped = unwanted.stream().filter((each) -> !each.supervised()).map(StoredName::of).toList();
		try {
			this.listeners.settle();
		}
		catch (IOException ex) {
			logger.error("The file of a Unix socket is not as it should be: " + ex.getMessage(), ex);
		}
	}

	@Override
	public void end(String reason) {
		logger.error("This generation gives up: " + reason);
		abandon(reason);
		this.files.leave();
		Thread thread = new Thread(() -> System.exit(1), "gozd-exit");
		thread.start();
	}

	@Override
	public void startTimer(Successor.Timer timer) {
		Duration delay = switch (timer) {
			case COMMIT -> MESSAGE_TIMEOUT;
			case OWNER -> this.link.probation().plus(MESSAGE_TIMEOUT);
		};
		this.timer.start(delay, () -> this.machine.timeout(timer));
	}

	@Override
	public void cancelTimer() {
		this.timer.cancel();
	}

}
