package io.gozd.daemon;

import java.io.IOException;
import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The other generations, where this process is to end last: systemd tells all that is
 * left of a service to end again when its main process has ended, and generations that
 * drain would end at once. Used in the {@link Loop} alone.
 */
final class Stragglers {

	private static final Log logger = LogFactory.getLog(Stragglers.class);

	private static final Duration INTERVAL = Duration.ofMillis(250);

	private final DaemonFiles files;

	private final Loop loop;

	private boolean said;

	Stragglers(DaemonFiles files, Loop loop) {
		this.files = files;
		this.loop = loop;
	}

	/**
	 * Call back when they are gone.
	 * @param limit how long to wait at most
	 * @param gone called once, perhaps at once
	 */
	void await(Duration limit, Runnable gone) {
		look(System.nanoTime() + limit.toNanos(), gone);
	}

	private void look(long deadline, Runnable gone) {
		if (areGone() || System.nanoTime() - deadline >= 0) {
			gone.run();
			return;
		}
		if (!this.said) {
			this.said = true;
			logger.info("Drained; waits for the other generations, because systemd would end them with this process");
		}
		this.loop.schedule(INTERVAL, () -> look(deadline, gone));
	}

	private boolean areGone() {
		try {
			return this.files.others().isEmpty();
		}
		catch (IOException ex) {
			logger.debug("The other generations can't be found", ex);
			return true;
		}
	}

}
