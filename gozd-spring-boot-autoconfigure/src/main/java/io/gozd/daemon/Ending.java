package io.gozd.daemon;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.IntUnaryOperator;

import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.DrainReport;
import io.gozd.drain.Endpoint;
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

	/** What an application may take to close where it is told to end at once. */
	private static final Duration LAST_RESORT = Duration.ofSeconds(2);

	/** How much longer than its deadline a drain may take to close what is left. */
	private static final Duration OVERDUE = Duration.ofSeconds(10);

	private final Endpoints endpoints;

	private final Application application;

	private final Loop loop;

	private final Duration exitTimeout;

	private final Runnable drained;

	private final Runnable leave;

	private final IntUnaryOperator stay;

	private final ProcessName processName = ProcessName.ofThisProcess();

	private @Nullable Drain drain;

	private @Nullable Instant deadline;

	/**
	 * How the drain went, once it is over: an incumbent on probation may still come back.
	 */
	private @Nullable DrainReport report;

	private @Nullable Runnable contextClosing;

	private boolean exiting;

	private boolean patient = true;

	private int exitCode;

	Ending(Endpoints endpoints, Application application, Loop loop, Duration exitTimeout, Runnable drained,
			Runnable leave, IntUnaryOperator stay) {
		this.endpoints = endpoints;
		this.application = application;
		this.loop = loop;
		this.exitTimeout = exitTimeout;
		this.drained = drained;
		this.leave = leave;
		this.stay = stay;
	}

	void begin(DrainCause cause, List<Endpoint> accepting) {
		logger.info("Drains " + this.endpoints.openConnections() + " connections, at most for "
				+ this.exitTimeout.toSeconds() + " s");
		Drain drain = new Drain(this.endpoints, cause, accepting, this.exitTimeout, this::done);
		this.drain = drain;
		this.deadline = Instant.now().plus(this.exitTimeout);
		this.processName.draining();
		this.application.readiness(false, cause == DrainCause.HANDOVER);
		this.application.publish(new DrainStarted(cause));
		drain.start();
		this.loop.schedule(this.exitTimeout.plus(OVERDUE), () -> overdue(drain));
	}

	/** When what is left is closed, or null while nothing drains. */
	@Nullable Instant deadline() {
		return this.deadline;
	}

	/** A server that hangs in its own code keeps the drain from its deadline. */
	private void overdue(Drain drain) {
		if (drain == this.drain && this.report == null) {
			ended(new DrainReport(this.exitTimeout, -1));
		}
	}

	private void done(Drain drain, DrainReport report) {
		this.loop.execute(() -> {
			if (drain == this.drain) {
				ended(report);
			}
		});
	}

	private void ended(DrainReport report) {
		if (this.report == null) {
			say(report);
			this.patient = report.cut() == 0;
			this.report = report;
			this.drained.run();
		}
	}

	private void say(DrainReport report) {
		String time = report.took().toMillis() + " ms";
		if (report.cut() == 0) {
			logger.info("Drained in " + time + ": every connection has ended");
		}
		else {
			logger.warn("After " + time + " of draining "
					+ ((report.cut() > 0) ? report.cut() + " connections were cut" : "the drain has failed"));
		}
	}

	/** The daemon is the successor's. */
	void released() {
		if (this.drain != null) {
			this.drain.released();
		}
	}

	/** This generation serves again. */
	void cancel() {
		Drain drain = this.drain;
		this.drain = null;
		this.deadline = null;
		this.report = null;
		this.processName.restore();
		if (drain != null) {
			drain.cancel();
		}
		this.application.readiness(true, false);
	}

	void hurry() {
		if (this.drain != null) {
			this.drain.hurry();
		}
	}

	/** Cut what is open and end, in bounded time whatever the application does. */
	void endNow(int exitCode) {
		this.exitCode = exitCode;
		this.patient = false;
		haltAfter(LAST_RESORT);
		if (this.drain != null && this.report == null) {
			this.drain.endNow();
		}
		else {
			// It waits for others, say.
			exit();
		}
	}

	/** End the process even if the application does not close, or a hook of it hangs. */
	private void haltAfter(Duration delay) {
		int exitCode = this.exitCode;
		start("gozd-last-resort", true, () -> {
			try {
				Thread.sleep(delay.toMillis());
			}
			catch (InterruptedException ex) {
				// Then at once.
			}
			logger.warn("The application does not close: the process is ended");
			this.leave.run();
			Runtime.getRuntime().halt(this.stay.applyAsInt(exitCode));
		});
	}

	private static void start(String name, boolean daemon, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(daemon);
		thread.start();
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
		if (this.report != null) {
			this.application.publish(new DrainEnded(this.report));
		}
		Runnable contextClosing = this.contextClosing;
		if (contextClosing != null) {
			this.leave.run();
			contextClosing.run();
			start("gozd-exit", false, this::stayWhenClosed);
			return;
		}
		haltAfter(this.exitTimeout);
		boolean patient = this.patient;
		start("gozd-exit", false, () -> {
			try {
				this.application.close(patient);
			}
			catch (RuntimeException | Error ex) {
				logger.error("The application did not close well", ex);
			}
			finally {
				this.leave.run();
				System.exit(this.stay.applyAsInt(this.exitCode));
			}
		});
	}

	/**
	 * Whoever closes the application need not end the process: that is the JVM's then.
	 */
	private void stayWhenClosed() {
		try {
			this.application.close(this.patient);
		}
		catch (RuntimeException | Error ex) {
			logger.error("The application did not close well", ex);
		}
		this.stay.applyAsInt(this.exitCode);
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
