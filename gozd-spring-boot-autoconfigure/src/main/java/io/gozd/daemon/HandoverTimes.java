package io.gozd.daemon;

/**
 * How long the steps of one handover took.
 */
final class HandoverTimes {

	private final long begun = System.nanoTime();

	private long prepared;

	private long committed;

	private long stopped;

	void prepared() {
		this.prepared = System.nanoTime();
	}

	void committed() {
		this.committed = System.nanoTime();
	}

	void stopped() {
		this.stopped = System.nanoTime();
	}

	String describe() {
		return "prepared after " + (this.prepared - this.begun) / 1_000_000 + " ms, accept stopped "
				+ (this.stopped - this.committed) / 1_000_000 + " ms after commit";
	}

}
