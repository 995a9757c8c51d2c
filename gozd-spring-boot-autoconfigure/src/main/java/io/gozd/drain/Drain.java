package io.gozd.drain;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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

	/** What is closed by rule at the end gets this long to say so. */
	private static final Duration LAST_WORDS = Duration.ofSeconds(1);

	private static final int UNKNOWN = -1;

	private final Endpoints endpoints;

	private final Duration exitTimeout;

	private final BiConsumer<Drain, DrainReport> done;

	private final long begin = System.nanoTime();

	private final Set<String> failed = ConcurrentHashMap.newKeySet();

	private final Map<LongLived, AsideExecutor> enders = new HashMap<>();

	private final Closing closing;

	private boolean mayClose;

	private boolean closeIdle;

	private boolean endNow;

	private boolean cancelled;

	/**
	 * Create a drain.
	 * @param endpoints what is drained
	 * @param cause why
	 * @param accepting those that accept still, and are to be closed: at once, or, at a
	 * handover, when the daemon is {@link #released()}
	 * @param exitTimeout when what is left is closed
	 * @param done called at the end, unless the drain was cancelled
	 */
	public Drain(Endpoints endpoints, DrainCause cause, List<Endpoint> accepting, Duration exitTimeout,
			BiConsumer<Drain, DrainReport> done) {
		this.endpoints = endpoints;
		this.closing = new Closing(accepting, this::guarded);
		this.mayClose = cause != DrainCause.HANDOVER;
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
		each((endpoint) -> endpoint.draining(false));
		notifyAll();
	}

	/**
	 * The daemon is the successor's: what it did not adopt is closed now.
	 */
	public synchronized void released() {
		this.mayClose = true;
		notifyAll();
	}

	private void run() {
		DrainReport report;
		try {
			report = awaitConnections() ? new DrainReport(elapsed(), 0) : cutOff();
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

	private boolean awaitConnections() throws InterruptedException {
		while (true) {
			if (mayClose()) {
				this.closing.goOn();
			}
			if (this.closing.isDone() && this.endpoints.openConnections() == 0) {
				return true;
			}
			each(hurries() ? Endpoint::closeIdle : Endpoint::remind);
			endLongLived(hurries());
			if (isOver(TICK_MILLIS)) {
				return false;
			}
		}
	}

	private void endLongLived(boolean atOnce) {
		for (LongLived exchanges : this.endpoints.longLived()) {
			if (atOnce || elapsed().compareTo(exchanges.patience()) >= 0) {
				// May call the application, which may hang: the deadline holds all the
				// same.
				AsideExecutor ender = this.enders.computeIfAbsent(exchanges,
						(key) -> new AsideExecutor("gozd-drain-" + key.name()));
				guarded(exchanges.name(), () -> ender.execute(() -> guarded(exchanges.name(), exchanges::end)));
			}
		}
	}

	private void each(Consumer<Endpoint> action) {
		this.endpoints.forEach((endpoint) -> guarded(endpoint, () -> action.accept(endpoint)));
	}

	private void guarded(Endpoint endpoint, Runnable action) {
		guarded(endpoint.name(), action);
	}

	/** What one of them does must not keep the others from their end. */
	private void guarded(String name, Runnable action) {
		try {
			action.run();
		}
		catch (RuntimeException | LinkageError | OutOfMemoryError ex) {
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
		if (mayClose()) {
			this.closing.closeNow();
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

	private synchronized boolean mayClose() {
		return this.mayClose;
	}

	private synchronized boolean hurries() {
		return this.closeIdle;
	}

}
