package io.gozd.servlet;

import java.io.IOException;

/**
 * What an application meets that writes to a stream that was ended, as if the client had
 * gone.
 */
final class EventStreamEndedException extends IOException {

	private final transient EventStream stream;

	EventStreamEndedException(EventStream stream) {
		super("The event stream has ended: this generation of the daemon drains");
		this.stream = stream;
	}

	/** Whether this is why an application failed. */
	static boolean isCauseOf(Throwable failure, EventStream stream) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof EventStreamEndedException ended && ended.stream == stream) {
				return true;
			}
		}
		return false;
	}

}
