package io.gozd.daemon;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import io.gozd.drain.DrainCause;
import io.gozd.drain.Endpoints;
import io.gozd.event.TookOver;
import io.gozd.handover.Incumbent;
import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
import io.gozd.posix.PeerCredentials;
import io.gozd.posix.ProcessFile;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * This process as a generation of the daemon, from its configuration to its end: first it
 * starts, perhaps as a successor, then it is the incumbent. What it is told, by signals,
 * by the application and by the control socket, is done in the {@link Loop}.
 */
public final class Generation implements Daemon {

	private static final Log logger = LogFactory.getLog(Generation.class);

	private static final int GREETING_TIMEOUT_MILLIS = 5000;

	private static final int SIGNAL_EXIT = 128;

	private static final int SIGINT = 2;

	private static final int SIGTERM = 15;

	private final DaemonSettings settings;

	private final DaemonFiles files;

	private final Runnable signals;

	private final Loop loop;

	private final Application application;

	private final ListenerTable listeners;

	private final Endpoints endpoints = new Endpoints();

	private final Ending ending;

	private final IncumbentRole incumbent;

	private final @Nullable SuccessorRole successor;

	private @Nullable ControlSocket control;

	private boolean serving;

	private boolean reloadPending;

	private int ends;

	private Generation(DaemonFiles files, CommandLine commandLine, Loop loop, Faults faults,
			@Nullable IncumbentLink link, DaemonSettings settings, Application application, Runnable signals) {
		this.signals = signals;
		this.settings = settings;
		this.files = files;
		this.loop = loop;
		this.application = application;
		this.listeners = new ListenerTable(NativePosix::get,
				() -> (link != null) ? link.heritage().listeners() : List.of());
		this.ending = new Ending(this.endpoints, application, loop, settings.exitTimeout(), this::drained, this::leave);
		this.incumbent = new IncumbentRole(settings, this.files, commandLine, loop, NativePosix::get, this.listeners,
				this.endpoints, application, this.ending, faults);
		this.successor = (link != null) ? new SuccessorRole(link, this.files, loop, NativePosix::get, this.listeners,
				this.endpoints, faults, this::own) : null;
		if (link != null && this.successor != null) {
			link.attach(this.successor.machine());
		}
	}

	static Generation create(int number, CommandLine commandLine, Loop loop, Faults faults,
			@Nullable IncumbentLink link, Optional<HandoverAddress> address, DaemonSettings settings,
			Application application, SignalTrap signals) {
		long user = effectiveUser();
		long pid = ProcessHandle.current().pid();
		RunDirectories.Claim claim = new RunDirectories(settings, user, number, pid)
			.claim(address.map(HandoverAddress::controlSocket));
		DaemonFiles files = new DaemonFiles(claim.directory(), settings.pidfile(), number, pid);
		Generation generation = new Generation(files, commandLine, loop, faults, link, settings, application,
				signals::giveBackAll);
		generation.listen(claim, user);
		signals.problems().forEach(logger::warn);
		if (link == null) {
			generation.endpoints.open();
		}
		return generation;
	}

	private static long effectiveUser() {
		try {
			return ProcessFile.self().effectiveUser();
		}
		catch (IOException ex) {
			throw new DaemonException("The daemon can't know its user: " + ex.getMessage(),
					"Mount /proc, or set gozd.enabled=false");
		}
	}

	private void listen(RunDirectories.Claim claim, long user) {
		try {
			this.control = new ControlSocket(claim.control(), NativePosix::get, user, this.incumbent::isSuccessor,
					this::converse);
		}
		catch (IOException ex) {
			leave();
			throw new DaemonException("The control socket of the daemon can't be served: " + ex.getMessage(),
					"Raise the limit of open files");
		}
	}

	@Override
	public String name() {
		return this.settings.name();
	}

	@Override
	public int generation() {
		return this.files.generation();
	}

	/**
	 * Return the listeners of this process.
	 * @return where servers claim theirs
	 */
	public ListenerTable listeners() {
		return this.listeners;
	}

	/**
	 * Return the endpoints of this process.
	 * @return where servers add theirs
	 */
	public Endpoints endpoints() {
		return this.endpoints;
	}

	/**
	 * The application is ready for traffic.
	 */
	public void ready() {
		this.loop.execute(() -> {
			if (this.successor == null) {
				if (!this.serving) {
					this.files.take();
					own(false);
				}
			}
			else {
				this.successor.ready();
			}
		});
	}

	/**
	 * The application could not be started.
	 * @param reason why
	 */
	public void failed(String reason) {
		if (this.successor != null) {
			this.successor.abandon(reason);
		}
		leave();
	}

	/**
	 * The application is being closed: what is open is drained first, unless that is
	 * done.
	 * @param done called when the application may go on closing
	 */
	public void closing(Runnable done) {
		this.loop.execute(() -> {
			if (!this.serving && this.successor != null) {
				this.successor.machine().applicationCloses();
			}
			Runnable closed = () -> {
				// No daemon any more, but perhaps still a process: signals are the JVM's.
				this.signals.run();
				done.run();
			};
			if (!this.serving) {
				leave();
				closed.run();
			}
			else if (this.ending.contextCloses(closed)) {
				terminate(DrainCause.TERMINATE);
			}
			else {
				done.run();
			}
		});
	}

	/**
	 * The application is closed, whether or not its drain came to its end.
	 */
	public void closed() {
		leave();
	}

	/**
	 * Somebody wants a reload. It is remembered until this process can do it.
	 */
	public void reload() {
		this.loop.execute(() -> {
			if (this.serving) {
				this.incumbent.machine().reload();
			}
			else if (this.successor != null) {
				this.successor.machine().reload();
			}
			else {
				logger.info("The reload is remembered until the application is ready");
				this.reloadPending = true;
			}
		});
	}

	void signal(String name) {
		switch (name) {
			case "TERM" -> this.loop.execute(() -> endOrExit(DrainCause.TERMINATE, SIGNAL_EXIT + SIGTERM));
			case "INT" -> this.loop.execute(() -> endOrExit(DrainCause.INTERRUPT, SIGNAL_EXIT + SIGINT));
			default -> {
				logger.info(name + ": reload");
				reload();
			}
		}
	}

	/** Whatever goes wrong in an orderly end: the process ends. */
	private void endOrExit(DrainCause cause, int exitCode) {
		try {
			end(cause, exitCode);
		}
		catch (RuntimeException | Error ex) {
			new Thread(() -> System.exit(exitCode), "gozd-exit").start();
			throw ex;
		}
	}

	private void end(DrainCause cause, int exitCode) {
		if (this.ends++ > 0) {
			logger.warn("Told to end again: ends at once");
			this.incumbent.endNow();
			this.ending.endNow(exitCode);
		}
		else if (this.serving) {
			terminate(cause);
		}
		else if (this.successor != null) {
			this.successor.machine().terminate();
			if (this.serving) {
				terminate(cause);
			}
		}
		else {
			leave();
			new Thread(() -> System.exit(exitCode), "gozd-exit").start();
		}
	}

	private void terminate(DrainCause cause) {
		Incumbent.State state = this.incumbent.machine().state();
		if (state == Incumbent.State.RELEASED || state == Incumbent.State.PROBATION) {
			logger.info("This generation drains already; told again, it ends at once");
			if (cause == DrainCause.INTERRUPT) {
				this.ending.hurry();
			}
		}
		this.incumbent.terminate(cause);
	}

	/** The daemon is this process's own. */
	private void own(boolean reloadOwed) {
		this.serving = true;
		logger.info("Generation " + generation() + " of " + name() + " (pid " + this.files.pid() + ") serves");
		this.application.publish(new TookOver(generation()));
		if (reloadOwed || this.reloadPending) {
			this.reloadPending = false;
			this.incumbent.machine().reload();
		}
	}

	private void drained() {
		this.incumbent.machine().drained();
	}

	private void converse(PeerCredentials peer, MessageChannel channel) throws IOException {
		channel.readTimeout(GREETING_TIMEOUT_MILLIS);
		Message message = channel.receive();
		switch (message.type()) {
			case Message.HELLO -> this.incumbent.converse(message, peer.pid(), channel);
			case Message.RELOAD -> reload();
			case Message.END -> this.loop.execute(this::endDrain);
			default -> channel.send(Message.of(Message.REFUSED, "This release does not know what that means"));
		}
	}

	private void endDrain() {
		if (this.incumbent.machine().state() == Incumbent.State.RELEASED) {
			logger.warn("There are too many generations: this one ends at once");
			this.ending.endNow(0);
		}
	}

	/** Remove what this process has put into the world. */
	private void leave() {
		this.files.leave();
		removeSockets();
		ControlSocket control = this.control;
		if (control != null) {
			try {
				control.close();
			}
			catch (IOException ex) {
				logger.debug("The control socket did not close well", ex);
			}
		}
	}

	/** Unix sockets have files: they go with the last process that has them. */
	private void removeSockets() {
		try {
			if (!this.serving && this.successor != null) {
				this.listeners.abandon();
			}
			else if (!this.incumbent.machine().mayBeSucceeded()) {
				this.listeners.removeFiles();
			}
		}
		catch (IOException ex) {
			logger.warn("The file of a Unix socket is left behind: " + ex.getMessage());
		}
	}

}
