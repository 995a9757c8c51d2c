package io.gozd.drain;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * One drain, from the moment when this generation accepts no more (handover) or shall not
 * (termination) until its last connection is closed. Runs in a thread of its own.
 */
public final class Drain {

	private static final Log logger = LogFactory.getLog(Drain.class);

	private static final long TICK_MILLIS = 50;

	/** Longer than a handshake takes that was under way when newcomers were refused. */
	private static final long QUIET_MILLIS = 100;

	/** What is closed by rule at the end gets this long to say so. */
	private static final Duration LAST_WORDS = Duration.ofSeconds(1);

	private static final int UNKNOWN = -1;

	private final Endpoints endpoints;

	private final DrainCause cause;

	private final Duration exitTimeout;

	private final BiConsumer<Drain, DrainReport> done;

	private final long begin = System.nanoTime();

	private final Set<String> failed = new HashSet<>();

	private boolean closeIdle;

	private boolean endNow;

	private boolean cancelled;

	/**
	 * Create a drain.
	 * @param endpoints what is drained
	 * @param cause why
	 * @param exitTimeout when what is left is closed
	 * @param done called at the end, unless the drain was cancelled
	 */
	public Drain(Endpoints endpoints, DrainCause cause, Duration exitTimeout, BiConsumer<Drain, DrainReport> done) {
		this.endpoints = endpoints;
		this.cause = cause;
		this.exitTimeout = exitTimeout;
		this.done = done;
		this.closeIdle = cause == DrainCause.INTERRUPT;
	}

	/**
	 * Begin. What is written to peers from now on asks them to use another connection.
	 */
	public void start() {
		this.endpoints.forEach((endpoint) -> endpoint.draining(true));
		Thread thread = new Thread(this::run, "gozd-drain");
		thread.setDaemon(false);
		thread.start();
	}

	/**
	 * Close idle connections from now on.
	 */
	public synchronized void hurry() {
		this.closeIdle = true;
		notifyAll();
	}

	/**
	 * Close what is open, and be done.
	 */
	public synchronized void endNow() {
		this.endNow = true;
		notifyAll();
	}

	/**
	 * Drain no more: this generation serves again.
	 */
	public synchronized void cancel() {
		this.cancelled = true;
		this.endpoints.forEach((endpoint) -> endpoint.draining(false));
		notifyAll();
	}

	private void run() {
		DrainReport report;
		try {
			boolean finished = (this.cause == DrainCause.HANDOVER || finishQueues()) && awaitConnections();
			report = finished ? new DrainReport(elapsed(), 0) : cutOff();
		}
		catch (InterruptedException | RuntimeException | Error ex) {
			// Whatever it was: the end of this generation does not depend on it.
			logger.error("The drain ends early", ex);
			report = new DrainReport(elapsed(), UNKNOWN);
		}
		if (!isCancelled()) {
			this.done.accept(this, report);
		}
	}

	/** Serve what waits in the queues of the kernel, then close the listeners. */
	private boolean finishQueues() throws InterruptedException {
		each(Endpoint::refuseNewcomers);
		List<Endpoint> accepting = new ArrayList<>();
		this.endpoints.forEach(accepting::add);
		Set<Endpoint> quiet = new HashSet<>();
		while (true) {
			accepting.removeIf((endpoint) -> {
				if (!stopsAccepting(endpoint)) {
					quiet.remove(endpoint);
					return false;
				}
				return !quiet.add(endpoint);
			});
			each((endpoint) -> {
				if (!accepting.contains(endpoint)) {
					endpoint.closeListener();
				}
			});
			if (accepting.isEmpty()) {
				return true;
			}
			if (isOver(QUIET_MILLIS)) {
				return false;
			}
		}
	}

	private boolean stopsAccepting(Endpoint endpoint) {
		try {
			return endpoint.stopAcceptingIfQueueIsEmpty();
		}
		catch (IOException | RuntimeException ex) {
			// For want of descriptors, say: some become free when connections end.
			logger.debug("Can't read the accept queue of " + endpoint.name(), ex);
			return false;
		}
	}

	private boolean awaitConnections() throws InterruptedException {
		while (true) {
			if (this.endpoints.openConnections() == 0) {
				return true;
			}
			each(Endpoint::remind);
			if (hurries()) {
				each(Endpoint::closeIdle);
			}
			endLongLived(hurries());
			if (isOver(TICK_MILLIS)) {
				return false;
			}
		}
	}

	private void endLongLived(boolean atOnce) {
		for (LongLived exchanges : this.endpoints.longLived()) {
			if (atOnce || elapsed().compareTo(exchanges.patience()) >= 0) {
				guarded(exchanges.name(), exchanges::end);
			}
		}
	}

	private void each(Consumer<Endpoint> action) {
		this.endpoints.forEach((endpoint) -> guarded(endpoint.name(), () -> action.accept(endpoint)));
	}

	/** What one of them does must not keep the others from their end. */
	private void guarded(String name, Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException | LinkageError ex) {
			if (this.failed.add(name)) {
				logger.warn(name + " does not drain as it should", ex);
			}
		}
	}

	/** Wait a little; true if nothing more is to be waited for. */
	private synchronized boolean isOver(long milliseconds) throws InterruptedException {
		if (!this.endNow && !this.cancelled) {
			wait(milliseconds);
		}
		return this.endNow || this.cancelled || elapsed().compareTo(this.exitTimeout) >= 0;
	}

	/** Close what is left, by its own rules where it has some. */
	private DrainReport cutOff() throws InterruptedException {
		if (this.cause != DrainCause.HANDOVER) {
			// At a handover they are the successor's, or may be needed again.
			each(Endpoint::stopAccepting);
			each(Endpoint::closeListener);
		}
		if (!isCancelled()) {
			endLongLived(true);
			long deadline = System.nanoTime() + LAST_WORDS.toNanos();
			while (this.endpoints.openConnections() > 0 && System.nanoTime() < deadline && !endsNow()) {
				Thread.sleep(TICK_MILLIS);
			}
		}
		int cut = this.endpoints.openConnections();
		if (!isCancelled()) {
			each(Endpoint::closeAll);
		}
		return new DrainReport(elapsed(), cut);
	}

	private Duration elapsed() {
		return Duration.ofNanos(System.nanoTime() - this.begin);
	}

	private synchronized boolean endsNow() {
		return this.endNow;
	}

	private synchronized boolean isCancelled() {
		return this.cancelled;
	}

	private synchronized boolean hurries() {
		return this.closeIdle;
	}

}
