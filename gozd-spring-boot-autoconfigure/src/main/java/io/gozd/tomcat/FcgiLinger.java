package io.gozd.tomcat;

import java.io.IOException;
import java.time.Duration;

import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The end of a connection whose web server may still be sending. nginx does not send the
 * rest of a body when it has the head of the response, but waits for the end of the
 * connection: so we say that at once, and read to its end without a thread. To close at
 * once would reset the connection, and the response with it.
 */
final class FcgiLinger {

	/** How long a web server may go on sending what nobody reads. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final FcgiDeadline deadline = new FcgiDeadline();

	private volatile boolean active;

	boolean isActive() {
		return this.active;
	}

	/** Send no more, and read to the end. */
	SocketState begin(SocketWrapperBase<?> wrapper, FcgiInput input) {
		try {
			((NioChannel) wrapper.getSocket()).getIOChannel().shutdownOutput();
		}
		catch (IOException | RuntimeException ex) {
			return SocketState.CLOSED;
		}
		((NioSocketWrapper) wrapper).updateLastRead();
		input.detach();
		this.active = true;
		this.deadline.start(PATIENCE);
		return goOn(wrapper, input);
	}

	SocketState goOn(SocketWrapperBase<?> wrapper, FcgiInput input) {
		boolean ended = input.hasTimedOut();
		// Whoever reads now has us go on when he does not any more.
		if (input.tryLock()) {
			try {
				ended = ended || input.discard(wrapper);
			}
			finally {
				input.unlock();
			}
		}
		return ended ? SocketState.CLOSED : this.deadline.await(wrapper);
	}

	/** The connection is closed. */
	void end() {
		this.active = false;
	}

}
