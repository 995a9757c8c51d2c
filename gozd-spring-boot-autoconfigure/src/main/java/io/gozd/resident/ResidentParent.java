package io.gozd.resident;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stays where the first generation of a daemon was, with its pid: passes signals on to
 * whoever serves, waits for children that have ended, and ends with the exit code of the
 * last generation. It holds no listener and no connection.
 */
public final class ResidentParent {

	private static final Map<Integer, String> SIGNALS = Map.of(1, "HUP", 2, "INT", 15, "TERM");

	private static final long INTERVAL_MILLIS = 250;

	private final RunFiles files;

	private final Children children;

	/** What the process ends with where nobody is known to have had the daemon since. */
	private final int exitCode;

	/** All that have ever been seen. */
	private final Set<Long> known = ConcurrentHashMap.newKeySet();

	/** Those of them that live. */
	private final Set<Long> generations = new TreeSet<>();

	private long incumbent;

	private ResidentParent(RunFiles files, Children children, int exitCode) {
		this.files = files;
		this.children = children;
		this.exitCode = exitCode;
	}

	/**
	 * Return the numbers of the signals that are to wait at stdin for this program.
	 * @return what it passes on
	 */
	public static Set<Integer> signals() {
		return SIGNALS.keySet();
	}

	/**
	 * Stay until the daemon has ended.
	 * @param args the run directory, whether that goes with the daemon, and the exit code
	 * of the daemon where it has ended already
	 * @throws Exception if this JVM does not let it wait for children
	 */
	public static void main(String[] args) throws Exception {
		RunFiles files = new RunFiles(Path.of(args[0]));
		ResidentParent parent = new ResidentParent(files, new Children(), Integer.parseInt(args[2]));
		Thread signals = new Thread(parent::forwardAll, "gozd-signals");
		signals.setDaemon(true);
		signals.start();
		new Thread(() -> {
			int code = parent.await();
			files.remove(Boolean.parseBoolean(args[1]));
			// No hook has anything to do here, and its classes are gone.
			Runtime.getRuntime().halt(code);
		}, "gozd-resident").start();
	}

	private void forwardAll() {
		WaitingSignals signals = new WaitingSignals(new FileInputStream(FileDescriptor.in));
		try {
			while (true) {
				String signal = SIGNALS.get(signals.take());
				if (signal != null) {
					forward(signal);
				}
			}
		}
		catch (IOException ex) {
			System.err.println("gozd: no signal can be passed on any more: " + ex.getMessage());
		}
	}

	private void forward(String signal) {
		try {
			this.files.tell(signal);
		}
		catch (IOException ex) {
			System.err.println("gozd: nobody takes " + signal + ": " + ex.getMessage());
			if (!signal.equals("HUP")) {
				endDrains();
			}
		}
	}

	/** Nobody has the daemon any more: only drains are left, and they are to end. */
	private void endDrains() {
		ProcessHandle.current()
			.children()
			.filter((child) -> this.known.contains(child.pid()))
			.forEach(ProcessHandle::destroy);
	}

	private int await() {
		// Twice: a generation may start another between two looks.
		int empty = 0;
		while (empty < 2) {
			try {
				this.children.reap();
				look();
			}
			catch (RuntimeException ex) {
				System.err.println("gozd: " + ex);
				pause();
				continue;
			}
			this.generations.removeIf((pid) -> !isDescendant(pid));
			this.known.addAll(this.generations);
			boolean ended = this.generations.isEmpty() && !this.children.awaitsAny(this.known);
			empty = ended ? empty + 1 : 0;
			pause();
		}
		return this.children.exitCode(this.incumbent, this.known).orElse(this.exitCode);
	}

	private void look() {
		this.generations.addAll(this.files.generations());
		this.files.incumbent().ifPresent((pid) -> {
			this.incumbent = pid;
			this.generations.add(pid);
		});
	}

	/**
	 * A generation is a child of its predecessor, which may have removed its files long
	 * before it ends, and of this process only then.
	 */
	private static boolean isDescendant(long pid) {
		long self = ProcessHandle.current().pid();
		Optional<ProcessHandle> parent = ProcessHandle.of(pid).flatMap(ProcessHandle::parent);
		while (parent.isPresent() && parent.get().pid() != self) {
			parent = parent.get().parent();
		}
		return parent.isPresent();
	}

	private static void pause() {
		try {
			Thread.sleep(INTERVAL_MILLIS);
		}
		catch (InterruptedException ex) {
			// Nobody interrupts it.
		}
	}

}
