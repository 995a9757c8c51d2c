package io.gozd.daemon;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The one thread that decides: every event of this process is told to it, one after the
 * other.
 */
final class Loop {

	private static final Log logger = LogFactory.getLog(Loop.class);

	private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, (task) -> {
		Thread thread = new Thread(task, "gozd");
		thread.setDaemon(true);
		return thread;
	});

	Loop() {
		this.executor.setRemoveOnCancelPolicy(true);
	}

	void execute(Runnable event) {
		this.executor.execute(() -> logged(event));
	}

	Future<?> schedule(Duration delay, Runnable event) {
		return this.executor.schedule(() -> logged(event), delay.toMillis(), TimeUnit.MILLISECONDS);
	}

	private static void logged(Runnable event) {
		try {
			event.run();
		}
		catch (RuntimeException | Error ex) {
			try {
				logger.error("An event of the daemon failed", ex);
			}
			catch (RuntimeException | Error second) {
				// The classes of the logging system may be gone with an overwritten jar.
				System.err.println("An event of the daemon failed: " + ex);
			}
		}
	}

}
