package io.gozd.drain;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Does something beside a drain that may take long or hang: one thing at a time, in a
 * thread that is kept for a while. What comes while it is busy is not done; a drain asks
 * again.
 */
public final class AsideExecutor {

	private static final long KEEP_SECONDS = 2;

	private final ThreadPoolExecutor executor;

	/**
	 * Create an executor; it has a thread only while it is used.
	 * @param name the name of its thread
	 */
	public AsideExecutor(String name) {
		this.executor = new ThreadPoolExecutor(0, 1, KEEP_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(),
				(task) -> thread(task, name), new ThreadPoolExecutor.DiscardPolicy());
	}

	private static Thread thread(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Do something, unless the last thing is still being done.
	 * @param task what to do; bears its own failures
	 */
	public void execute(Runnable task) {
		this.executor.execute(task);
	}

}
