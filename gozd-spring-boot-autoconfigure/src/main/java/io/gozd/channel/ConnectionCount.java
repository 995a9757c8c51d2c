package io.gozd.channel;

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

	private static final long PATIENCE_SECONDS = 2;

	private static final long IDLE_SECONDS = 10;

	private final String name;

	private final IntSupplier count;

	private final ThreadPoolExecutor executor;

	private @Nullable Future<Integer> overdue;

	private int last;

	ConnectionCount(String name, IntSupplier count) {
		this.name = name;
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
	 * Count anew. Where that can't be done, it is the last number; where it does not end,
	 * at least 1, because a drain that sees none is over.
	 */
	synchronized int get() {
		Future<Integer> overdue = this.overdue;
		if (overdue != null && !overdue.isDone()) {
			return atLeastOne();
		}
		try {
			this.overdue = this.executor.submit(this.count::getAsInt);
			this.last = this.overdue.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			logger.error(this.name + ": openConnections() does not end. Until it does, the last number counts");
			return atLeastOne();
		}
		catch (ExecutionException | RejectedExecutionException | OutOfMemoryError ex) {
			logger.debug("The connections of " + this.name + " can't be counted now", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return atLeastOne();
		}
		return this.last;
	}

	private int atLeastOne() {
		return Math.max(this.last, 1);
	}

}
