package io.gozd.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What systemd is told of the daemon (sd_notify(3)), where it asks for that. The main
 * process speaks, and no other: the incumbent until the daemon is the successor's, then
 * the successor. A service manager that does not listen holds nothing up for long.
 */
final class ServiceManager {

	private static final Log logger = LogFactory.getLog(ServiceManager.class);

	private static final int LONGEST_STATUS = 400;

	private final @Nullable String socket;

	private final @Nullable Duration watchdog;

	private final boolean stores;

	private final boolean endsAll;

	private final int generation;

	private final long pid;

	private final Supplier<Posix> posix;

	private final LongSupplier monotonicNanos;

	/** What is kept still and is nobody's any more. */
	private final Set<StoredName> stale = new LinkedHashSet<>();

	/** The main process is another: nothing more is said here. */
	private volatile boolean silent;

	/**
	 * Create it for a process.
	 * @param environment the environment of the process
	 * @param generation its number
	 * @param pid its pid
	 * @param monotonicNanos CLOCK_MONOTONIC, as the service manager reads it too
	 */
	ServiceManager(Function<String, @Nullable String> environment, int generation, long pid, Supplier<Posix> posix,
			LongSupplier monotonicNanos) {
		String socket = environment.apply("NOTIFY_SOCKET");
		this.socket = (socket != null && (socket.startsWith("/") || socket.startsWith("@"))) ? socket : null;
		this.watchdog = watchdog(environment, generation, pid);
		this.stores = environment.apply("FDSTORE") != null;
		// systemd.exec(5): whatever the kind of the service.
		this.endsAll = environment.apply("INVOCATION_ID") != null;
		this.generation = generation;
		this.pid = pid;
		this.posix = posix;
		this.monotonicNanos = monotonicNanos;
	}

	/** It names the first generation's pid: to successors it is handed on. */
	private static @Nullable Duration watchdog(Function<String, @Nullable String> environment, int generation,
			long pid) {
		String micros = environment.apply("WATCHDOG_USEC");
		String watched = environment.apply("WATCHDOG_PID");
		if (micros == null || !micros.matches("[1-9]\\d{0,17}")
				|| (generation == 1 && watched != null && !watched.equals(Long.toString(pid)))) {
			return null;
		}
		return Duration.ofNanos(Long.parseLong(micros) * 1000);
	}

	/** How often the watchdog is to be fed, or null where there is none. */
	@Nullable Duration watchdogInterval() {
		// Often enough that one that comes before the new main process is known may be
		// lost.
		return (this.socket != null && this.watchdog != null && !this.silent) ? this.watchdog.dividedBy(3) : null;
	}

	/** The application starts, and may take so long. */
	void starts(Duration limit) {
		tell(timeout(limit), status("Generation " + this.generation + " starts"));
	}

	/** The daemon is this process's, and nobody has told the service manager yet. */
	void serves() {
		tell("READY=1", "MAINPID=" + this.pid, status("Generation " + this.generation + " serves"));
	}

	/** A successor starts, and may take so long until the daemon is its own. */
	void reloads(Duration limit) {
		tell("RELOADING=1", "MONOTONIC_USEC=" + this.monotonicNanos.getAsLong() / 1000, timeout(limit),
				status("Generation " + this.generation + " serves, generation " + (this.generation + 1) + " starts"));
	}

	/** This process serves on. */
	void reloadFailed(String reason) {
		tell("READY=1", status("Generation " + this.generation + " serves. Reload failed: " + reason));
	}

	/** The daemon is the successor's: the last word of this process. */
	void handsOver(long successor) {
		tell("MAINPID=" + successor, "READY=1", status("Generation " + (this.generation + 1) + " serves"));
		this.silent = true;
	}

	/**
	 * The daemon ends, and may take so long. Its listeners are forgotten, before the
	 * kernel is told to let nobody in any more.
	 */
	void stops(Duration limit, List<StoredName> listeners) {
		tell("STOPPING=1", timeout(limit), status("Drains"));
		listeners.forEach(this::forget);
		forgetStale();
	}

	/** The drain is over, and the application may take so long to close. */
	void closes(Duration limit) {
		tell(timeout(limit), status("Closes the application"));
	}

	/** The daemon ends, and its incumbent stays the main process until then. */
	void leavesItToTheIncumbent() {
		this.silent = this.socket != null;
	}

	/** Whether this process is the main one and says what happens. */
	boolean isTold() {
		return this.socket != null && !this.silent;
	}

	/**
	 * Whether the end of this process, where it is the daemon's, would end all that is
	 * left of the service.
	 */
	boolean endsAll() {
		return (this.socket != null) ? !this.silent : this.endsAll;
	}

	void feedWatchdog() {
		tell("WATCHDOG=1");
	}

	/**
	 * Have listeners kept, for the case that all generations die at once.
	 * @param descriptors the open listeners
	 */
	void store(Map<StoredName, Integer> descriptors) {
		if (this.stores) {
			descriptors.forEach((name, descriptor) -> store(name, descriptor));
		}
	}

	private void store(StoredName name, int descriptor) {
		if (name.isValid()) {
			tell(List.of("FDSTORE=1", "FDNAME=" + name), List.of(descriptor));
		}
		else {
			logger.warn(name.key() + " is too long a name for the service manager: the listener is not kept");
		}
	}

	/** Have a listener forgotten: it is closed, or about to be closed for good. */
	void forget(StoredName name) {
		if (this.stores && name.isValid()) {
			tell("FDSTOREREMOVE=1", "FDNAME=" + name);
		}
	}

	/**
	 * Have listeners forgotten as soon as the word of this process counts: it is said as
	 * often as that others are to be kept.
	 */
	synchronized void forgetLater(List<StoredName> names) {
		this.stale.addAll(names);
	}

	synchronized void forgetStale() {
		this.stale.forEach(this::forget);
	}

	/** Whether listeners are kept by the service manager. */
	boolean isStore() {
		return isTold() && this.stores;
	}

	private static String timeout(Duration limit) {
		return "EXTEND_TIMEOUT_USEC=" + limit.toNanos() / 1000;
	}

	private static String status(String text) {
		String line = text.replaceAll("\\s+", " ");
		return "STATUS=" + ((line.length() > LONGEST_STATUS) ? line.substring(0, LONGEST_STATUS) : line);
	}

	private void tell(String... lines) {
		tell(List.of(lines), List.of());
	}

	private void tell(List<String> lines, List<Integer> descriptors) {
		if (this.socket == null || this.silent) {
			return;
		}
		try {
			this.posix.get()
				.sendDatagram(this.socket, ByteBuffer.wrap(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)),
						new ArrayList<>(descriptors));
		}
		catch (IOException | LinkageError ex) {
			logger.warn("The service manager at " + this.socket + " can't be told " + lines.get(0) + ": "
					+ ex.getMessage());
		}
	}

}
