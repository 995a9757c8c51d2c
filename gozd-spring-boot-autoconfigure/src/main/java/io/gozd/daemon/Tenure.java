package io.gozd.daemon;

import java.time.Clock;
import java.time.Instant;

import io.gozd.event.TookOver;
import io.gozd.handover.Incumbent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whether the daemon is this process's own, and the reloads that were asked for before it
 * was. Used in the {@link Loop} alone, but for {@link #hasBegun()}.
 */
final class Tenure {

	private static final Log logger = LogFactory.getLog(Tenure.class);

	private final String name;

	private final DaemonFiles files;

	private final Application application;

	private final Incumbent incumbent;

	private final Reloads reloads;

	private final Clock clock;

	private @Nullable Instant since;

	private volatile boolean begun;

	private boolean reloadPending;

	Tenure(String name, DaemonFiles files, Application application, Incumbent incumbent, Reloads reloads, Clock clock) {
		this.name = name;
		this.files = files;
		this.application = application;
		this.incumbent = incumbent;
		this.reloads = reloads;
		this.clock = clock;
	}

	/** When it began, or null if it has not. */
	@Nullable Instant since() {
		return this.since;
	}

	/** Whether this process is the incumbent, or was it until it began to drain. */
	boolean hasBegun() {
		return this.begun;
	}

	/**
	 * The daemon is this process's own.
	 * @param reloadOwed whether somebody waits for a reload
	 */
	void begin(boolean reloadOwed) {
		this.since = this.clock.instant();
		this.begun = true;
		logger.info("Generation " + this.files.generation() + " of " + this.name + " (pid " + this.files.pid()
				+ ") serves");
		this.application.publish(new TookOver(this.files.generation()));
		this.reloads.arrived();
		if (reloadOwed || this.reloadPending) {
			this.reloadPending = false;
			this.incumbent.reload();
		}
	}

	/**
	 * Somebody wants a reload.
	 * @param successor what this process is until the daemon is its own, or null
	 */
	void reload(@Nullable SuccessorRole successor) {
		if (this.begun) {
			this.incumbent.reload();
		}
		else if (successor != null) {
			successor.machine().reload();
		}
		else {
			logger.info("The reload is remembered until the application is ready");
			this.reloadPending = true;
		}
	}

}
