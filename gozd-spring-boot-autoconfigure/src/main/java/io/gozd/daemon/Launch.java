package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import io.gozd.listener.FileOwner;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
import io.gozd.posix.NativeProcessControl;
import io.gozd.posix.ProcessFile;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The first instants of a generation, before its configuration is read: signals are
 * taken, and a successor fetches what its incumbent passes on.
 */
public final class Launch {

	private static final Log logger = LogFactory.getLog(Launch.class);

	/** The signals that a daemon takes unless it is told otherwise. */
	private static final Set<String> SIGNALS = Set.of("HUP", "TERM", "INT");

	private static final long INIT = 1;

	private final CommandLine commandLine;

	private final Loop loop = new Loop();

	private final SignalTrap signals = new SignalTrap(this::signal);

	private final int number;

	private final Faults faults;

	private final @Nullable IncumbentLink link;

	private final Optional<HandoverAddress> address;

	private final @Nullable Detachment detachment;

	private final ServiceManager serviceManager;

	private final ListenerTable listeners;

	private @Nullable Logfile logfile;

	private @Nullable Path runDirectory;

	private @Nullable Boolean resident;

	private @Nullable Generation generation;

	private boolean reloadPending;

	private Launch(CommandLine commandLine) {
		this.commandLine = commandLine;
		this.address = HandoverAddress.of(System.getenv(HandoverAddress.VARIABLE), ProcessFile.self());
		this.number = this.address.map(HandoverAddress::generation).orElse(1);
		this.faults = new Faults(System.getProperty("gozd.fault"), this.number);
		this.link = this.address.map((address) -> new IncumbentLink(address, NativePosix::get, this.loop, this.faults))
			.orElse(null);
		// Successors inherit the variable of the first generation.
		this.detachment = this.address.isPresent() ? null
				: Detachment.of(System.getenv(Detachment.VARIABLE), ProcessFile.self(), NativePosix::get).orElse(null);
		this.serviceManager = new ServiceManager(System::getenv, this.number, ProcessHandle.current().pid(),
				NativePosix::get, System::nanoTime);
		this.listeners = new ListenerTable(NativePosix::get,
				() -> (this.link != null) ? this.link.heritage().listeners() : PassedSockets.of(System::getenv,
						ProcessHandle.current().pid(), NativePosix::get, this.serviceManager::forget));
		if (this.link == null) {
			this.listeners.listenAtOnce();
		}
	}

	/**
	 * Take the signals of this process, and begin the handover if this is a successor.
	 * @return the launch
	 * @throws IOException if the process does not know how it was started
	 */
	public static Launch begin() throws IOException {
		Launch launch = new Launch(CommandLine.ofThisProcess());
		SIGNALS.forEach(launch.signals::take);
		if (launch.link != null) {
			launch.link.open();
		}
		if (launch.detachment != null) {
			launch.detachment.begin();
		}
		return launch;
	}

	/**
	 * Return whether another process has started this one to be the daemon, or to be its
	 * successor: then no command is meant, wherever it may be written.
	 * @return whether this process runs, whatever is configured
	 */
	public boolean isStartedToRun() {
		return this.link != null || this.detachment != null;
	}

	/**
	 * Make the process what it is configured to be: its limits, its output, its user. To
	 * be called before anything of the application runs or opens a file.
	 * @param process what the configuration says of the process
	 * @param settings what it says of the daemon
	 * @param listeners binds what the daemon listens on; called only where the process
	 * becomes a user that may not
	 * @throws DaemonException if something is not possible, with the way out: the process
	 * must end then
	 */
	public void prepare(ProcessSettings process, DaemonSettings settings, Consumer<ListenerTable> listeners) {
		this.resident = process.resident();
		long user = effectiveUser();
		Path place = RunDirectories.place(settings, user);
		DaemonPaths paths = new DaemonPaths(this.address.isEmpty() ? place : null, settings.runDirectory() != null,
				settings.named() ? settings.name() : null, settings.pidfile());
		ProcessSetup setup = new ProcessSetup(process, this.commandLine, new FileOwner(user, effectiveGroup()),
				NativeProcessControl::get, NativePosix::get);
		try {
			this.logfile = setup.run(paths, this.listeners, () -> listeners.accept(this.listeners));
		}
		catch (RuntimeException ex) {
			// The files of Unix sockets are there already.
			this.listeners.closePrepared();
			throw ex;
		}
		catch (LinkageError ex) {
			throw new DaemonException(
					"The native code of jnr-ffi can't be loaded (" + ex.getMessage()
							+ "): gozd.user, gozd.group, gozd.max-fds and gozd.logfile need it",
					"Point -Djava.io.tmpdir to a directory that is writable and not mounted noexec");
		}
		if (effectiveUser() != user) {
			this.runDirectory = place;
		}
	}

	private static long effectiveUser() {
		try {
			return ProcessFile.self().effectiveUser();
		}
		catch (IOException ex) {
			throw unknownUser(ex);
		}
	}

	private static long effectiveGroup() {
		try {
			return ProcessFile.self().effectiveGroup();
		}
		catch (IOException ex) {
			throw unknownUser(ex);
		}
	}

	private static DaemonException unknownUser(IOException reason) {
		return new DaemonException("The daemon can't know its user: " + reason.getMessage(),
				"Mount /proc, or set gozd.enabled=false");
	}

	/**
	 * Go on as a generation of a daemon.
	 * @param settings what the configuration says
	 * @param reloadSignals the signals that mean a reload
	 * @param application the application, which need not be started yet
	 * @return the generation
	 * @throws DaemonException if it can't be, with the way out
	 */
	public Generation configure(DaemonSettings settings, Set<String> reloadSignals, Application application) {
		try {
			return begin(settings, reloadSignals, application);
		}
		catch (RuntimeException | Error ex) {
			failed();
			throw ex;
		}
	}

	private Generation begin(DaemonSettings settings, Set<String> reloadSignals, Application application) {
		if (!reloadSignals.contains("HUP")) {
			this.signals.giveBack("HUP");
		}
		reloadSignals.forEach(this.signals::take);
		long user = effectiveUser();
		long pid = ProcessHandle.current().pid();
		Path place = (this.runDirectory != null) ? this.runDirectory : RunDirectories.place(settings, user);
		// Whoever has started this process looks for it at the one place.
		RunDirectories directories = new RunDirectories((this.detachment != null) ? settings.at(place) : settings, user,
				this.number, pid, place);
		RunDirectories.Claim claim = directories.claim(this.address.map(HandoverAddress::controlSocket));
		DaemonFiles files = new DaemonFiles(claim.directory(), settings.pidfile(), this.logfile, this.number, pid);
		Generation generation;
		Residence residence = null;
		try {
			residence = residence(claim.directory(), pid);
			takeOutput(residence != null);
			generation = Generation.create(files, claim, user, this.commandLine, this.loop, this.faults, this.link,
					this.listeners, settings, application, this.signals, this.serviceManager, residence,
					this.detachment);
		}
		catch (RuntimeException | Error ex) {
			claim.close();
			files.leave();
			if (residence != null) {
				residence.leave();
			}
			throw ex;
		}
		synchronized (this) {
			this.generation = generation;
			if (this.reloadPending) {
				generation.reload();
			}
		}
		return generation;
	}

	private @Nullable Residence residence(RunDirectory directory, long pid) {
		boolean stays = (this.resident != null) ? this.resident : pid == INIT;
		if (!stays || this.address.isPresent()) {
			return null;
		}
		if (this.serviceManager.isTold() && pid != INIT) {
			logger.warn("gozd.resident=true has no effect here: the service manager is told which process is the main"
					+ " one");
			return null;
		}
		Residence residence = new Residence(directory, this.logfile, pid == INIT, NativeProcessControl::get);
		residence.prepare();
		return residence;
	}

	/** Not before it is sure that no other daemon has the log file. */
	private void takeOutput(boolean stays) {
		if (this.logfile == null || this.link != null) {
			return;
		}
		if (stays && this.detachment == null) {
			this.logfile.keepOriginal();
		}
		this.logfile.take();
	}

	/**
	 * The application could not be started, before it was a generation of a daemon: leave
	 * nothing behind.
	 */
	public void failed() {
		this.listeners.closePrepared();
	}

	/**
	 * Be no daemon: the signals are the JVM's again, and an incumbent is told.
	 * @param reason why
	 */
	public void abandon(String reason) {
		this.signals.giveBackAll();
		if (this.link != null) {
			this.link.refuse(reason);
		}
	}

	private synchronized void signal(String name) {
		Generation generation = this.generation;
		if (generation != null) {
			generation.signal(name);
		}
		else if (name.equals("TERM") || name.equals("INT")) {
			// Nothing is served yet. As the JVM would have done it.
			new Thread(() -> {
				failed();
				System.exit(name.equals("TERM") ? 143 : 130);
			}, "gozd-exit").start();
		}
		else {
			this.reloadPending = true;
		}
	}

}
