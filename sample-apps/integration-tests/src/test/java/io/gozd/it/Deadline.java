package io.gozd.it;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * A moment until which a condition must have come true.
 */
final class Deadline {

	private static final Duration BETWEEN_LOOKS = Duration.ofMillis(10);

	private final Duration limit;

	private final long end;

	private Deadline(Duration limit) {
		this.limit = limit;
		this.end = System.nanoTime() + limit.toNanos();
	}

	static Deadline in(Duration limit) {
		return new Deadline(limit);
	}

	boolean isOver() {
		return System.nanoTime() - this.end > 0;
	}

	Duration left() {
		return Duration.ofNanos(Math.max(0, this.end - System.nanoTime()));
	}

	/**
	 * Waits for the condition; what is thrown by it ends the wait at once.
	 */
	void await(String what, Condition condition) {
		await(what, condition, () -> "");
	}

	void await(String what, Condition condition, Supplier<String> details) {
		try {
			while (!condition.holds()) {
				if (isOver()) {
					throw new AssertionError(
							"Not within " + this.limit.toMillis() + " ms: " + what + "\n" + details.get());
				}
				Thread.sleep(BETWEEN_LOOKS.toMillis());
			}
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new AssertionError("While waiting for: " + what + "\n" + details.get(), ex);
		}
	}

	@FunctionalInterface
	interface Condition {

		boolean holds() throws Exception;

	}

}
