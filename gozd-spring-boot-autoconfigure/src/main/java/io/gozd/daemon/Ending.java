package io.gozd.daemon;

import java.time.Duration;

import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.DrainReport;
import io.gozd.drain.Endpoints;
import io.gozd.event.DrainEnded;
import io.gozd.event.DrainStarted;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The end of this process: drain, close the application, exit. All but the last steps
 * happen in the {@link Loop}.
 */
final class Ending {

	private static final Log logger = LogFactory.getLog(Ending.class);

	/** What an end at once may take for the application to close. */
	private static final Duration LAST_RESORT = Duration.ofSeconds(5);

	private final Endpoints endpoints;

	private final Application application;

	private final Loop loop;

	private final Duration exitTimeout;

	private final Runnable drained;

	private final Runnable leave;

	private @Nullable Drain drain;

	private @Nullable Runnable contextClosing;

	private boolean exiting;

	private int exitCode;

	Ending(Endpoints endpoints, Application application, Loop loop, Duration exitTimeout, Runnable drained,
			Runnable leave) {
		this.endpoints = endpoints;
		this.application = application;
		this.loop = loop;
		this.exitTimeout = exitTimeout;
		this.drained = drained;
		this.leave = leave;
	}

	void begin(DrainCause cause) {
		logger.info("Drains " + this.endpoints.openConnections() + " connections, at most for "
				+ this.exitTimeout.toSeconds() + " s");
		Drain drain = new Drain(this.endpoints, cause, this.exitTimeout, this::done);
		this.drain = drain;
		this.application.readiness(false);
		this.application.publish(new DrainStarted(cause));
		drain.start();
	}

	private void done(Drain drain, DrainReport report) {
		this.loop.execute(() -> {
			if (drain == this.drain) {
				say(report);
				this.application.publish(new DrainEnded(report));
				this.drained.run();
			}
		});
	}

	private void say(DrainReport report) {
		String time = report.took().toMillis() + " ms";
		if (report.cut() == 0) {
			logger.info("Drained in " + time + ": every connection has ended");
		}
		else {
			logger.warn("After " + time + " of draining " + report.cut() + " connections were cut");
		}
	}

	/** This generation serves again. */
	void cancel() {
		Drain drain = this.drain;
		this.drain = null;
		if (drain != null) {
			drain.cancel();
		}
		this.application.readiness(true);
	}

	void hurry() {
		if (this.drain != null) {
			this.drain.hurry();
		}
	}

	/** Cut what is open and end, in bounded time whatever the application does. */
	void endNow(int exitCode) {
		this.exitCode = exitCode;
		Thread thread = new Thread(() -> {
			try {
				Thread.sleep(LAST_RESORT.toMillis());
			}
			catch (InterruptedException ex) {
				// Then at once.
			}
			Runtime.getRuntime().halt(exitCode);
		}, "gozd-last-resort");
		thread.setDaemon(true);
		thread.start();
		if (this.drain != null) {
			this.drain.endNow();
		}
		else {
			exit();
		}
	}

	/**
	 * Close the application and end the process; where the application closes already,
	 * let it go on with that.
	 */
	void exit() {
		if (this.exiting) {
			return;
		}
		this.exiting = true;
		Runnable contextClosing = this.contextClosing;
		if (contextClosing != null) {
			this.leave.run();
			contextClosing.run();
			return;
		}
		Thread thread = new Thread(() -> {
			try {
				this.application.close();
			}
			catch (RuntimeException ex) {
				logger.error("The application did not close well", ex);
			}
			this.leave.run();
			System.exit(this.exitCode);
		}, "gozd-exit");
		thread.setDaemon(false);
		thread.start();
	}

	/**
	 * Somebody else closes the application.
	 * @return whether it has to wait for a drain first; if so, the callback is called
	 */
	boolean contextCloses(Runnable callback) {
		if (this.exiting) {
			return false;
		}
		this.contextClosing = callback;
		return true;
	}

}
