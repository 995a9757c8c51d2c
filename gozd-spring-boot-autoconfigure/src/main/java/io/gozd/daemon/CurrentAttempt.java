package io.gozd.daemon;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.function.Consumer;

import io.gozd.handover.MessageChannel;
import org.jspecify.annotations.Nullable;

/**
 * The attempt to be replaced that goes on, if one does. Used in the {@link Loop} alone,
 * but for {@link #isSuccessor(long)} and {@link #exitCode()}.
 */
final class CurrentAttempt {

	private volatile @Nullable Attempt attempt;

	void begin(Attempt attempt) {
		this.attempt = attempt;
	}

	/** There is no successor any more. */
	@Nullable Attempt end() {
		Attempt attempt = this.attempt;
		this.attempt = null;
		return attempt;
	}

	@Nullable Attempt get() {
		return this.attempt;
	}

	Attempt orFail() throws IOException {
		Attempt attempt = this.attempt;
		if (attempt == null) {
			throw new IOException("there is no successor");
		}
		return attempt;
	}

	void ifAny(Consumer<Attempt> action) {
		Attempt attempt = this.attempt;
		if (attempt != null) {
			action.accept(attempt);
		}
	}

	/** The attempt that has this connection, unless it is over. */
	@Nullable Attempt connectedBy(MessageChannel channel) {
		Attempt attempt = this.attempt;
		return (attempt != null && attempt.isConnectedBy(channel)) ? attempt : null;
	}

	/** Whether it is the pid that was started; for any thread. */
	boolean isSuccessor(long pid) {
		Attempt attempt = this.attempt;
		return attempt != null && attempt.pid() == pid;
	}

	/** What the successor has ended with, if it has; for any thread. */
	OptionalInt exitCode() {
		Attempt attempt = this.attempt;
		return (attempt != null) ? attempt.exitCode() : OptionalInt.empty();
	}

}
