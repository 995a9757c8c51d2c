package io.gozd.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Tells what happens because a connection has ended from what is wrong in a handler.
 */
final class PeerFaults {

	private static final String CHANNEL = "sun.nio.ch.SocketChannelImpl";

	private PeerFaults() {
	}

	/**
	 * Return whether the end of a connection is the reason, at the bottom of it.
	 * @param thrown what a handler has thrown
	 * @return whether peers are to blame
	 */
	static boolean isCauseOf(Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = next(cause)) {
			if (cause instanceof EOFException || cause instanceof ClosedChannelException || isOfChannel(cause)) {
				return true;
			}
		}
		return false;
	}

	private static @Nullable Throwable next(Throwable thrown) {
		return (thrown.getCause() != thrown) ? thrown.getCause() : null;
	}

	/** Not by its message: the C library says that in the language of the machine. */
	private static boolean isOfChannel(Throwable thrown) {
		return (thrown.getClass() == IOException.class || thrown.getClass() == SocketException.class)
				&& Arrays.stream(thrown.getStackTrace()).anyMatch((frame) -> frame.getClassName().equals(CHANNEL));
	}

}
