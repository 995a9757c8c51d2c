package io.gozd.drain;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

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

	private final Endpoints endpoints;

	private final DrainCause cause;

	private final Duration exitTimeout;

	private final BiConsumer<Drain, DrainReport> done;

	private final long begin = System.nanoTime();

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
	 * Return why this generation drains.
	 * @return the cause
	 */
	public DrainCause cause() {
		return this.cause;
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
		try {
			boolean finished = (this.cause == DrainCause.HANDOVER || finishQueues()) && awaitConnections();
			if (!isCancelled()) {
				this.done.accept(this, report(finished));
			}
		}
		catch (InterruptedException | RuntimeException | Error ex) {
			// Whatever it was: the end of this generation does not depend on it.
			logger.error("The drain ends early", ex);
			this.done.accept(this, new DrainReport(elapsed(), this.endpoints.openConnections()));
		}
	}

	/** Serve what waits in the queues of the kernel, then close the listeners. */
	private boolean finishQueues() throws InterruptedException {
		this.endpoints.forEach(Endpoint::refuseNewcomers);
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
			this.endpoints.forEach((endpoint) -> {
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
		Set<LongLived> ended = new HashSet<>();
		while (true) {
			if (this.endpoints.openConnections() == 0) {
				return true;
			}
			try {
				this.endpoints.forEach(Endpoint::remind);
				if (hurries()) {
					this.endpoints.forEach(Endpoint::closeIdle);
				}
				endLongLived(ended, hurries());
			}
			catch (RuntimeException ex) {
				// What one connection does must not keep the others from their end.
				logger.warn("A connection can't be told that this generation drains", ex);
			}
			if (isOver(TICK_MILLIS)) {
				return false;
			}
		}
	}

	private void endLongLived(Set<LongLived> ended, boolean atOnce) {
		for (LongLived exchanges : this.endpoints.longLived()) {
			if (atOnce || elapsed().compareTo(exchanges.patience()) >= 0) {
				if (ended.add(exchanges)) {
					logger.debug("Ends the " + exchanges.name() + " that are still open");
				}
				exchanges.end();
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

	private DrainReport report(boolean finished) throws InterruptedException {
		if (finished) {
			return new DrainReport(elapsed(), 0);
		}
		if (this.cause != DrainCause.HANDOVER) {
			// At a handover they are the successor's, or may be needed again.
			this.endpoints.forEach(Endpoint::stopAccepting);
			this.endpoints.forEach(Endpoint::closeListener);
		}
		endLongLived(new HashSet<>(), true);
		long deadline = System.nanoTime() + LAST_WORDS.toNanos();
		while (this.endpoints.openConnections() > 0 && System.nanoTime() < deadline && !endsNow()) {
			Thread.sleep(TICK_MILLIS);
		}
		int cut = this.endpoints.openConnections();
		this.endpoints.forEach(Endpoint::closeAll);
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
