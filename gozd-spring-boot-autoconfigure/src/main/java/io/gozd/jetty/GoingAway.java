package io.gozd.jetty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Stream;
import org.eclipse.jetty.http2.frames.ResetFrame;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.jspecify.annotations.Nullable;

/**
 * Closes the WebSockets of a connection: the one that it has become, or those that are
 * streams of HTTP/2 (RFC 8441).
 */
final class GoingAway {

	/** How long a peer may take to answer that it closes, too. */
	private static final Duration ANSWER = Duration.ofSeconds(5);

	// Jetty has no public way to it; null where it has no such field.
	private static final @Nullable VarHandle SESSION = session();

	private final Map<WebSocketCoreSession, Long> told = Collections.synchronizedMap(new WeakHashMap<>());

	/** Whether this Jetty is one of those that are known. */
	static boolean isPossible() {
		return SESSION != null;
	}

	void say(Carried carried) {
		Connection connection = carried.connection();
		say(connection);
		if (Present.HTTP2 && connection instanceof HTTP2Connection http2) {
			http2.getSession().getStreams().forEach(this::sayOnStream);
		}
	}

	private void sayOnStream(Object stream) {
		if (stream instanceof HTTP2Stream http2 && http2.getAttachment() instanceof EndPoint tunnel
				&& say(tunnel.getConnection())) {
			http2.reset(new ResetFrame(http2.getId(), ErrorCode.CANCEL_STREAM_ERROR.code), Callback.NOOP);
		}
	}

	/** Whether the peer has had its time. */
	private boolean say(@Nullable Connection connection) {
		if (SESSION == null || !(connection instanceof WebSocketConnection webSocket)
				|| !(SESSION.get(webSocket) instanceof WebSocketCoreSession session)) {
			return false;
		}
		Long since = this.told.putIfAbsent(session, System.nanoTime());
		if (since == null && session.isOutputOpen()) {
			session.close(new Status(), Callback.NOOP);
		}
		boolean isOver = since != null && System.nanoTime() - since >= ANSWER.toNanos();
		if (isOver) {
			session.abort();
		}
		return isOver;
	}

	private static @Nullable VarHandle session() {
		try {
			return MethodHandles.privateLookupIn(WebSocketConnection.class, MethodHandles.lookup())
				.findVarHandle(WebSocketConnection.class, "coreSession", WebSocketCoreSession.class);
		}
		catch (ReflectiveOperationException ex) {
			return null;
		}
	}

	/**
	 * For Jetty 1001 is a failure, after which it closes at once: what the peer has sent
	 * meanwhile would reset the connection before the peer has read the reason.
	 */
	private static final class Status extends CloseStatus {

		Status() {
			super(SHUTDOWN, "The server goes away");
		}

		@Override
		public boolean isAbnormal() {
			return false;
		}

	}

}
