package io.gozd.channel;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks code of the application how many connections are open, in a thread of its own: a
 * count that never ends must keep neither a drain from its deadline nor those from an
 * answer who ask how the daemon is.
 */
final class ConnectionCount {

	private static final Log logger = LogFactory.getLog(ConnectionCount.class);

	static final Duration PATIENCE = Duration.ofSeconds(2);

	private static final long IDLE_SECONDS = 10;

	/** The first late one may have begun while connections were still accepted. */
	private static final int LATE_NONES_BELIEVED = 2;

	private final String name;

	private final IntSupplier count;

	private final ThreadPoolExecutor executor;

	private final Duration patience;

	private @Nullable Future<Integer> overdue;

	private boolean said;

	private int lateNones;

	private int last;

	/**
	 * Count with the help of a thread that ends by itself.
	 * @param patience how long a count may take before it is late
	 */
	ConnectionCount(String name, IntSupplier count, Duration patience) {
		this.name = name;
		this.patience = patience;
		this.count = count;
		this.executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, name + "-count");
					thread.setDaemon(true);
					return thread;
				});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Count anew. Where that can't be done, it is the last number; where it takes long,
	 * at least 1, because a drain that sees none is over, until two late counts in a row
	 * have found none.
	 */
	synchronized int get() {
		Future<Integer> late = this.overdue;
		try {
			if (late != null) {
				return late.isDone() ? late(late) : atLeastOne();
			}
			Future<Integer> count = this.executor.submit(this.count::getAsInt);
			this.overdue = count;
			this.last = count.get(this.patience.toMillis(), TimeUnit.MILLISECONDS);
			this.overdue = null;
			this.lateNones = 0;
			this.said = false;
		}
		catch (TimeoutException ex) {
			if (!this.said) {
				this.said = true;
				logger.error(this.name + ": openConnections() takes more than " + this.patience.toMillis()
						+ " ms. As long as it does, a drain may take longer than it has to");
			}
			return atLeastOne();
		}
		catch (ExecutionException | RejectedExecutionException | OutOfMemoryError ex) {
			this.overdue = null;
			logger.debug("The connections of " + this.name + " can't be counted now", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return atLeastOne();
		}
		return this.last;
	}

	private int late(Future<Integer> count) throws ExecutionException, InterruptedException {
		this.overdue = null;
		this.last = count.get();
		this.lateNones = (this.last == 0) ? this.lateNones + 1 : 0;
		return (this.lateNones < LATE_NONES_BELIEVED) ? atLeastOne() : 0;
	}

	private int atLeastOne() {
		return Math.max(this.last, 1);
	}

}
