package io.gozd.daemon;

import java.time.Duration;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * The one wait of a role: a new one takes the place of the old. Used in the {@link Loop}
 * alone.
 */
final class LoopTimer {

	private final Loop loop;

	private @Nullable Future<?> wait;

	LoopTimer(Loop loop) {
		this.loop = loop;
	}

	void start(Duration delay, Runnable timeout) {
		cancel();
		this.wait = this.loop.schedule(delay, timeout);
	}

	void cancel() {
		if (this.wait != null) {
			this.wait.cancel(false);
			this.wait = null;
		}
	}

}
