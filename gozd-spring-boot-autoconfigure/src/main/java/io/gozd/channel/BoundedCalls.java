package io.gozd.channel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Calls code of the application, one call after the other, in a thread of its own: what
 * fails there, or never ends, must not keep a handover or a drain from going on.
 */
final class BoundedCalls {

	private static final Log logger = LogFactory.getLog(BoundedCalls.class);

	private static final long PATIENCE_SECONDS = 2;

	private static final long IDLE_SECONDS = 10;

	private final String name;

	private final ThreadPoolExecutor executor;

	private volatile boolean hangs;

	BoundedCalls(String name) {
		this.name = name;
		this.executor = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
				(task) -> {
					Thread thread = new Thread(task, name + "-calls");
					thread.setDaemon(true);
					return thread;
				});
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Call, and wait for the end of the call, but not long.
	 * @param what what is called, for logs
	 * @param call the call
	 */
	void call(String what, Runnable call) {
		try {
			Future<?> result = this.executor.submit(call);
			if (!this.hangs) {
				result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
			}
		}
		catch (TimeoutException ex) {
			this.hangs = true;
			logger.error(this.name + ": " + what + " does not end. It is not waited for any more");
		}
		catch (ExecutionException ex) {
			logger.error(this.name + ": " + what + " failed", ex.getCause());
		}
		catch (RejectedExecutionException | OutOfMemoryError ex) {
			logger.error(this.name + ": " + what + " can't be called", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
