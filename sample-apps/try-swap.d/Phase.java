package tryswap;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A stretch of the run, and what the requests that began in it saw.
 */
final class Phase {

	private final String name;

	private final boolean stopping;

	private final Latencies latencies = new Latencies();

	private final Map<String, LongAdder> failures = new ConcurrentSkipListMap<>();

	private final long start = System.nanoTime();

	private volatile long end = this.start;

	private Phase(String name, boolean stopping) {
		this.name = name;
		this.stopping = stopping;
	}

	static Phase serving(String name) {
		return new Phase(name, false);
	}

	/**
	 * A phase in which a connection may be refused, since the daemon was told to stop.
	 */
	static Phase stopping(String name) {
		return new Phase(name, true);
	}

	String name() {
		return this.name;
	}

	boolean isStopping() {
		return this.stopping;
	}

	void answered(long nanos) {
		this.latencies.add(nanos);
	}

	void failed(String how) {
		this.failures.computeIfAbsent(how, (key) -> new LongAdder()).increment();
	}

	void end() {
		this.end = System.nanoTime();
	}

	double seconds() {
		return (this.end - this.start) / 1e9;
	}

	Latencies latencies() {
		return this.latencies;
	}

	Map<String, LongAdder> failures() {
		return this.failures;
	}

	long failed() {
		return this.failures.values().stream().mapToLong(LongAdder::sum).sum();
	}

	long requests() {
		return this.latencies.count() + failed();
	}

}
