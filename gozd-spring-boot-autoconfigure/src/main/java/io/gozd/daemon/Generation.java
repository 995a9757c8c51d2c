package io.gozd.daemon;

import java.io.IOException;
import java.time.Clock;

import io.gozd.drain.DrainCause;
import io.gozd.drain.Endpoints;
import io.gozd.handover.Message;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
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

	private final DaemonSettings settings;

	private final DaemonFiles files;

	private final Program program;

	private final Runnable signals;

	private final Loop loop;

	private final Application application;

	private final Reloads reloads;

	private final ListenerTable listeners;

	private final Endpoints endpoints = new Endpoints();

	private final Ending ending;

	private final IncumbentRole incumbent;

	private final @Nullable SuccessorRole successor;

	private final Tenure tenure;

	private final Departure departure;

	private final Termination termination;

	private final Supervision supervision;

	private final Continuance continuance;

	private final @Nullable Detachment detachment;

	private Generation(DaemonFiles files, CommandLine commandLine, Loop loop, Faults faults,
			@Nullable IncumbentLink link, ListenerTable listeners, DaemonSettings settings, Application application,
			Runnable signals, ServiceManager serviceManager, @Nullable Residence residence,
			@Nullable Detachment detachment) {
		this.signals = signals;
		this.detachment = detachment;
		this.settings = settings;
		this.files = files;
		this.program = Program.ofThisProcess(commandLine.directory());
		this.loop = loop;
		this.application = application;
		this.reloads = new Reloads(files.generation(), Clock.systemUTC());
		this.listeners = listeners;
		this.ending = new Ending(this.endpoints, application, loop, settings.exitTimeout(), this::drained, this::closed,
				this::stay);
		SuccessorStart start = new SuccessorStart(settings.maxGenerations(), residence != null, files, commandLine,
				NativePosix::get, application, faults);
		this.incumbent = new IncumbentRole(settings, files, start, this.reloads, loop, NativePosix::get, this.listeners,
				application, new Withdrawal(this.endpoints, this.ending, loop, settings.exitTimeout()), faults,
				serviceManager);
		this.tenure = new Tenure(settings.name(), files, application, this.incumbent.machine(), this.reloads,
				Clock.systemUTC());
		this.successor = (link != null) ? new SuccessorRole(link, files, loop, NativePosix::get, this.listeners,
				this.endpoints, faults, this::begin) : null;
		this.departure = new Departure(files, this.listeners, this.tenure, this.incumbent.machine(), link == null);
		this.supervision = new Supervision(serviceManager, listeners, this.incumbent.machine(), loop, NativePosix::get);
		this.continuance = new Continuance(residence, this.incumbent, files, NativePosix::get);
		this.incumbent.whenReleased(this.continuance::released);
		this.termination = new Termination(this.tenure, this.incumbent, this.successor, this.ending, this.departure,
				this.continuance);
		if (link != null && this.successor != null) {
			link.attach(this.successor.machine());
		}
	}

	static Generation create(DaemonFiles files, RunDirectories.Claim claim, long user, CommandLine commandLine,
			Loop loop, Faults faults, @Nullable IncumbentLink link, ListenerTable listeners, DaemonSettings settings,
			Application application, SignalTrap signals, ServiceManager serviceManager, @Nullable Residence residence,
			@Nullable Detachment detachment) {
		Generation generation = new Generation(files, commandLine, loop, faults, link, listeners, settings, application,
				signals::giveBackAll, serviceManager, residence, detachment);
		generation.listen(claim, user, faults);
		signals.problems().forEach(logger::warn);
		if (link == null) {
			loop.execute(() -> serviceManager.starts(settings.reloadTimeout()));
			generation.endpoints.open();
		}
		return generation;
	}

	private void listen(RunDirectories.Claim claim, long user, Faults faults) {
		SuccessorDialogue dialogue = new SuccessorDialogue(this.incumbent.current(), this.incumbent.machine(),
				this.loop, faults);
		ReloadRequests reloads = new ReloadRequests(this.reloads, this.tenure, this.incumbent.machine(), this.successor,
				this.loop);
		ControlRequests requests = new ControlRequests(dialogue, reloads, status(), this::reload,
				() -> this.loop.execute(this.termination::request), () -> this.loop.execute(this.termination::endDrain),
				() -> this.loop.execute(this.files::reopenLogfile), (name) -> signal(name, true));
		try {
			this.departure.closes(new ControlSocket(claim.control(), NativePosix::get, user,
					this.incumbent.current()::isSuccessor, requests));
		}
		catch (IOException ex) {
			this.departure.leave();
			throw new DaemonException("The control socket of the daemon can't be served: " + ex.getMessage(),
					"Raise the limit of open files");
		}
	}

	private GenerationStatus status() {
		Message identity = Message.of(Message.STATUS)
			.with("name", name())
			.with("generation", generation())
			.with("pid", this.files.pid())
			.with("version", this.application.version());
		GenerationState state = new GenerationState(this.tenure, this.reloads, this.incumbent.machine(), this.successor,
				this.ending);
		return new GenerationStatus(this.program.addTo(identity), state, this.listeners, this.endpoints, this.loop);
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
				if (!this.tenure.hasBegun() && hasDetached()) {
					this.files.take();
					begin(false);
				}
			}
			else {
				this.successor.ready();
			}
		});
	}

	private boolean hasDetached() {
		try {
			if (this.detachment != null) {
				this.detachment.complete();
			}
			return true;
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			logger.error(ex.getMessage(), ex);
			this.termination.signal(DrainCause.TERMINATE, false);
			return false;
		}
	}

	/**
	 * The application could not be started.
	 * @param reason why
	 */
	public void failed(String reason) {
		if (this.successor != null) {
			this.successor.abandon(reason);
		}
		this.departure.leave();
	}

	/**
	 * The application is going to be closed before it has started. A successor says why
	 * as long as it can.
	 * @param reason why
	 */
	public void failing(String reason) {
		this.loop.execute(() -> {
			if (this.successor != null) {
				this.successor.machine().applicationFails(reason);
			}
		});
	}

	/**
	 * The application is being closed: what is open is drained first, unless that is
	 * done.
	 * @param done called when the application may go on closing
	 */
	public void closing(Runnable done) {
		this.loop.execute(() -> {
			if (!this.tenure.hasBegun() && this.successor != null) {
				this.successor.machine().applicationCloses();
			}
			Runnable closed = () -> {
				// No daemon any more, but perhaps still a process: signals are the JVM's.
				this.signals.run();
				done.run();
			};
			if (!this.tenure.hasBegun()) {
				this.departure.leave();
				closed.run();
			}
			else if (this.ending.contextCloses(closed)) {
				this.termination.drain(DrainCause.TERMINATE);
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
		this.departure.leave();
	}

	/**
	 * Somebody wants a reload. It is remembered until this process can do it.
	 */
	public void reload() {
		this.loop.execute(() -> this.tenure.reload(this.successor));
	}

	/** A signal of the kernel's. */
	void signal(String name) {
		signal(name, false);
	}

	private void signal(String name, boolean passedOn) {
		switch (name) {
			case "TERM" -> this.loop.execute(() -> this.termination.signal(DrainCause.TERMINATE, passedOn));
			case "INT" -> this.loop.execute(() -> this.termination.signal(DrainCause.INTERRUPT, passedOn));
			default -> {
				logger.info(name + ": reload");
				reload();
			}
		}
	}

	/** The daemon is this process's own. */
	private void begin(boolean reloadOwed) {
		this.supervision.begin(this.successor);
		this.tenure.begin(reloadOwed);
		if (this.successor != null && this.successor.isToldToEnd()) {
			// The service manager tells all, or the one that it knows.
			this.termination.signal(DrainCause.TERMINATE, true);
		}
	}

	private int stay(int exitCode) {
		return this.continuance.stay(exitCode);
	}

	private void drained() {
		this.incumbent.machine().drained();
	}

}
