package io.gozd.daemon;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.gozd.drain.DrainCause;
import org.jspecify.annotations.Nullable;

/**
 * Knows a signal that reaches this process twice: by itself, because its process group or
 * control group was told as a whole, and through the process that passes signals on. It
 * was sent once, and counts once. Used in the {@link Loop} alone.
 */
final class SignalEchoes {

	/**
	 * Longer than a busy machine takes to pass one on. Who loses patience sends it once
	 * more on the same way, and that counts.
	 */
	private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(30);

	private final LongSupplier nanos;

	private @Nullable DrainCause last;

	private boolean lastPassedOn;

	private long lastAt;

	/**
	 * Create it; nothing has been heard yet.
	 * @param nanos a clock that never goes back
	 */
	SignalEchoes(LongSupplier nanos) {
		this.nanos = nanos;
	}

	/**
	 * Hear a signal.
	 * @param signal what it means
	 * @param passedOn whether another process has passed it on
	 * @return whether it was heard a moment ago on the other way
	 */
	boolean isEcho(DrainCause signal, boolean passedOn) {
		long now = this.nanos.getAsLong();
		if (this.last == signal && this.lastPassedOn != passedOn && now - this.lastAt < WINDOW_NANOS) {
			this.last = null;
			return true;
		}
		this.last = signal;
		this.lastPassedOn = passedOn;
		this.lastAt = now;
		return false;
	}

}
