package io.gozd.drain;

import java.time.Duration;

/**
 * Exchanges that end only when they are told, each with a connection of an endpoint.
 */
final class FakeExchanges implements LongLived {

	private final Duration patience;

	private final FakeEndpoint endpoint;

	private final long begin = System.nanoTime();

	private Duration endedAfter = Duration.ZERO;

	private int open;

	FakeExchanges(Duration patience, FakeEndpoint endpoint, int open) {
		this.patience = patience;
		this.endpoint = endpoint;
		this.open = open;
	}

	synchronized Duration endedAfter() {
		return this.endedAfter;
	}

	@Override
	public String name() {
		return "fakes";
	}

	@Override
	public Duration patience() {
		return this.patience;
	}

	@Override
	public synchronized void end() {
		if (this.open > 0) {
			this.endedAfter = Duration.ofNanos(System.nanoTime() - this.begin);
			this.endpoint.closed(this.open);
			this.open = 0;
		}
	}

}
