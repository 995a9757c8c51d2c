package io.gozd.tomcat;

import java.time.Duration;

import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * When something that has begun must be complete. The timeout of Tomcat's poller begins
 * anew with every byte: this one does not.
 */
final class FcgiDeadline {

	/** System.nanoTime(), while it is set. */
	private long at;

	private boolean set;

	private boolean ofParams;

	/** Nothing is awaited. */
	void clear() {
		this.set = false;
	}

	void start(Duration patience) {
		this.at = System.nanoTime() + patience.toNanos();
		this.set = true;
	}

	/** Start, unless something has begun already that ends no later. */
	void startOnce(Duration patience, boolean ofParams) {
		if (!this.set || (ofParams && !this.ofParams)) {
			start(patience);
			this.ofParams = ofParams;
		}
	}

	/** Have the poller wait for what is left of the time. */
	SocketState await(SocketWrapperBase<?> wrapper) {
		long left = this.at - System.nanoTime();
		if (left <= 0) {
			return SocketState.CLOSED;
		}
		wrapper.setReadTimeout(left / 1_000_000 + 1);
		return SocketState.LONG;
	}

}
