package io.gozd.daemon;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;

import io.gozd.posix.NativePosix;
import io.gozd.posix.ProcessFile;
import org.jspecify.annotations.Nullable;

/**
 * The first instants of a generation, before its configuration is read: signals are
 * taken, and a successor fetches what its incumbent passes on.
 */
public final class Launch {

	/** The signals that a daemon takes unless it is told otherwise. */
	private static final Set<String> SIGNALS = Set.of("HUP", "TERM", "INT");

	private final CommandLine commandLine;

	private final Loop loop = new Loop();

	private final SignalTrap signals = new SignalTrap(this::signal);

	private final int number;

	private final Faults faults;

	private final @Nullable IncumbentLink link;

	private final Optional<HandoverAddress> address;

	private final @Nullable Detachment detachment;

	private @Nullable Generation generation;

	private boolean reloadPending;

	private Launch(CommandLine commandLine) {
		this.commandLine = commandLine;
		this.address = HandoverAddress.of(System.getenv(HandoverAddress.VARIABLE), ProcessFile.self());
		this.number = this.address.map(HandoverAddress::generation).orElse(1);
		this.faults = new Faults(System.getProperty("gozd.fault"), this.number);
		this.link = this.address.map((address) -> new IncumbentLink(address, NativePosix::get, this.loop, this.faults))
			.orElse(null);
		this.detachment = Detachment.of(System.getenv(Detachment.VARIABLE), ProcessFile.self(), NativePosix::get)
			.orElse(null);
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
	 * Go on as a generation of a daemon.
	 * @param settings what the configuration says
	 * @param reloadSignals the signals that mean a reload
	 * @param application the application, which need not be started yet
	 * @return the generation
	 * @throws DaemonException if it can't be, with the way out
	 */
	public Generation configure(DaemonSettings settings, Set<String> reloadSignals, Application application) {
		if (!reloadSignals.contains("HUP")) {
			this.signals.giveBack("HUP");
		}
		reloadSignals.forEach(this.signals::take);
		Generation generation = Generation.create(this.number, this.commandLine, this.loop, this.faults, this.link,
				this.address, findable(settings), application, this.signals, this.detachment);
		synchronized (this) {
			this.generation = generation;
			if (this.reloadPending) {
				generation.reload();
			}
		}
		return generation;
	}

	/** Whoever has started this process looks for it at the one place. */
	private DaemonSettings findable(DaemonSettings settings) {
		return (this.detachment != null) ? settings.at(RunDirectories.place(settings, Generation.effectiveUser()))
				: settings;
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
			new Thread(() -> System.exit(name.equals("TERM") ? 143 : 130), "gozd-exit").start();
		}
		else {
			this.reloadPending = true;
		}
	}

}
