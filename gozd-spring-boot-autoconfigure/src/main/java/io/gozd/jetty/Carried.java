package io.gozd.jetty;

import java.time.Duration;

import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.IdleTimeout;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * What is spoken on a connection of the network, inside TLS where there is TLS.
 *
 * @param endPoint the connection of the network
 * @param connection what is spoken, or null where nothing is yet
 */
record Carried(EndPoint endPoint, @Nullable Connection connection) {

	private static final Duration QUIET = Duration.ofMillis(100);

	/** Longer than a round trip of a handshake of TLS. */
	private static final Duration QUIET_AT_FIRST = Duration.ofSeconds(1);

	/** How long a peer that was told of the end may read, and not close. */
	private static final Duration LINGER = Duration.ofSeconds(1);

	static Carried by(EndPoint endPoint) {
		Connection connection = endPoint.getConnection();
		return new Carried(endPoint,
				(connection instanceof SslConnection tls) ? tls.getSslEndPoint().getConnection() : connection);
	}

	/**
	 * Whether HTTP/1.1 is between two requests, or before the first, or TLS has not said
	 * yet what it carries; and whether that is so for a moment. A request that runs
	 * without a thread has its connection's parser beyond the start.
	 */
	boolean isIdle() {
		return isBetweenRequests() && this.endPoint.isFillInterested() && isQuiet(isNew() ? QUIET_AT_FIRST : QUIET);
	}

	/** Whether the last response of HTTP/1.1 is written, and its end. */
	boolean isOver() {
		return this.connection instanceof HttpConnection http && http.getEndPoint().isOutputShutdown()
				&& isQuiet(LINGER);
	}

	/** Whether nothing was read nor written for some time. */
	boolean isQuiet(Duration time) {
		return this.endPoint instanceof IdleTimeout clock && clock.getIdleFor() >= time.toMillis();
	}

	/** Whether the peer does not take what is written to it. */
	boolean isBlocked() {
		return this.endPoint instanceof AbstractEndPoint end && end.getWriteFlusher().isPending();
	}

	private boolean isNew() {
		return !(this.connection instanceof HttpConnection http) || http.getMessagesIn() == 0;
	}

	private boolean isBetweenRequests() {
		return (this.connection instanceof HttpConnection http && http.getParser().isStart())
				|| this.connection instanceof NegotiatingServerConnection;
	}

	/** Close it, as TLS asks for where there is TLS. */
	void close() {
		if (this.connection != null) {
			this.connection.close();
		}
	}

}
