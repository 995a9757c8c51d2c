package tryswap;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long requests took, in buckets that are 3 % wide.
 */
final class Latencies {

	private static final int STEPS_PER_DOUBLING = 32;

	private static final int DOUBLINGS = 30;

	private final AtomicLongArray buckets = new AtomicLongArray(STEPS_PER_DOUBLING * DOUBLINGS);

	private final AtomicLong max = new AtomicLong();

	void add(long nanos) {
		this.max.accumulateAndGet(nanos, Math::max);
		double micros = Math.max(1, nanos / 1e3);
		int bucket = (int) (Math.log(micros) / Math.log(2) * STEPS_PER_DOUBLING);
		this.buckets.incrementAndGet(Math.min(bucket, this.buckets.length() - 1));
	}

	long count() {
		long count = 0;
		for (int i = 0; i < this.buckets.length(); i++) {
			count += this.buckets.get(i);
		}
		return count;
	}

	double maxMillis() {
		return this.max.get() / 1e6;
	}

	/**
	 * The time within which that part of the requests was answered.
	 */
	double millis(double part) {
		long wanted = (long) Math.ceil(count() * part);
		long seen = 0;
		for (int i = 0; i < this.buckets.length(); i++) {
			seen += this.buckets.get(i);
			if (seen >= wanted && seen > 0) {
				return Math.min(maxMillis(), Math.pow(2, (i + 1.0) / STEPS_PER_DOUBLING) / 1e3);
			}
		}
		return 0;
	}

}
