package io.gozd.tcp;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that work for connections: a virtual one for each task, or pools of platform
 * threads that leave when they have been idle for a while. None of them keeps the JVM
 * alive, and none is ever interrupted, because that closes channels.
 */
final class Workers {

	static final Duration IDLE = Duration.ofSeconds(10);

	private Workers() {
	}

	/**
	 * Return threads without a bound of their own: for tasks whose number is bounded by
	 * who submits them.
	 * @param name what the threads are called, before a number
	 * @param virtual whether to have virtual threads, where there are some
	 * @param idle how long a platform thread waits for another task
	 * @return the threads
	 */
	static Executor asMany(String name, boolean virtual, Duration idle) {
		ThreadFactory factory = virtual ? VirtualThreads.factory(name) : null;
		if (factory != null) {
			return (task) -> factory.newThread(task).start();
		}
		return pool(0, Integer.MAX_VALUE, new SynchronousQueue<>(), name, idle);
	}

	/**
	 * Return threads with a bound, where they are platform threads; further tasks wait.
	 * @param name what the threads are called, before a number
	 * @param virtual whether to have virtual threads, where there are some
	 * @param bound the most platform threads
	 * @return the threads
	 */
	static Executor atMost(String name, boolean virtual, int bound) {
		ThreadFactory factory = virtual ? VirtualThreads.factory(name) : null;
		if (factory != null) {
			return (task) -> factory.newThread(task).start();
		}
		return pool(bound, bound, new LinkedBlockingQueue<>(), name, IDLE);
	}

	private static Executor pool(int core, int maximum, BlockingQueue<Runnable> queue, String name, Duration idle) {
		AtomicInteger number = new AtomicInteger();
		ThreadPoolExecutor pool = new ThreadPoolExecutor(core, maximum, idle.toMillis(), TimeUnit.MILLISECONDS, queue,
				(task) -> {
					Thread thread = new Thread(task, name + number.incrementAndGet());
					thread.setDaemon(true);
					return thread;
				});
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

}
