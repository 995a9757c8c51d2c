package io.gozd.it;

import java.time.Duration;

/**
 * What load to put on a daemon.
 *
 * @param endpoint where
 * @param mode how connections are used
 * @param threads how many clients at once
 * @param think the mean time that a client waits between two requests
 * @param timeout how long a client waits for anything
 */
record LoadOptions(Endpoint endpoint, Mode mode, int threads, Duration think, Duration timeout) {

	/** So that a start beside the load takes seconds, not half a minute. */
	private static final Duration PACE_IN_SHORT_FORM = Duration.ofMillis(20);

	/**
	 * As much as can be, from sixteen clients; in the short form of the suite some
	 * hundred requests a second.
	 */
	static LoadOptions full(Endpoint endpoint, Mode mode) {
		Duration think = SuiteSettings.fromSystemProperties().full() ? Duration.ZERO : PACE_IN_SHORT_FORM;
		return new LoadOptions(endpoint, mode, 16, think, Duration.ofSeconds(10));
	}

	/**
	 * Enough to hit a gap of some milliseconds, and to let a start be as quick as without
	 * it.
	 */
	static LoadOptions light(Endpoint endpoint) {
		return new LoadOptions(endpoint, Mode.MIXED, 8, Duration.ofMillis(15), Duration.ofSeconds(20));
	}

	LoadOptions clients(int threads) {
		return new LoadOptions(this.endpoint, this.mode, threads, this.think, this.timeout);
	}

	/**
	 * For clients that wait in the queue of a listener while a process starts.
	 */
	LoadOptions waitingForStart() {
		return new LoadOptions(this.endpoint, this.mode, this.threads, this.think, DaemonProcess.START_LIMIT);
	}

	LoadOptions thinking(Duration think) {
		return new LoadOptions(this.endpoint, this.mode, this.threads, think, this.timeout);
	}

	/**
	 * How connections are used.
	 */
	enum Mode {

		/** A connection for each request. */
		FRESH,

		/** A connection as long as the server keeps it. */
		KEEPALIVE,

		/** Half of the clients this, half of them that. */
		MIXED;

		boolean keepsAlive(int client) {
			return this == KEEPALIVE || (this == MIXED && client % 2 == 0);
		}

	}

}
