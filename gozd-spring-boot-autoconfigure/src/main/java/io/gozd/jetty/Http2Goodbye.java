package io.gozd.jetty;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.BooleanSupplier;

import io.gozd.drain.AsideExecutor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.http2.ErrorCode;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.HTTP2Session;
import org.eclipse.jetty.http2.api.Stream;
import org.eclipse.jetty.http2.frames.GoAwayFrame;
import org.eclipse.jetty.util.Callback;

/**
 * Ends HTTP/2 connections as RFC 9113, 6.8 asks for: GOAWAY with the highest stream id,
 * time for streams that are on their way, and the final GOAWAY when none is left. Jetty's
 * own shutdown sends both at once where there is no stream, and closes with the second: a
 * request that crosses them is lost.
 */
final class Http2Goodbye {

	private static final Log logger = LogFactory.getLog(Http2Goodbye.class);

	/** Longer than a round trip: what the peer sent before it read the GOAWAY is here. */
	private static final Duration ON_THE_WAY = Duration.ofSeconds(2);

	/** When a stream that comes after the first GOAWAY is turned away. */
	private static final Duration PATIENCE = Duration.ofSeconds(5);

	/** What the peer reads last is the final GOAWAY, not the end of the connection. */
	private static final Duration SHORT = Duration.ofMillis(100);

	/** A peer that reads slowly acknowledges what it reads, and may not be answered. */
	private static final Duration READING = Duration.ofSeconds(1);

	/** How long it may take to read, and then to close. */
	private static final Duration LINGER = Duration.ofSeconds(10);

	private final Map<HTTP2Session, Farewell> farewells = Collections.synchronizedMap(new WeakHashMap<>());

	private final AsideExecutor aside = new AsideExecutor("gozd-goaway");

	/**
	 * Send what is due, unless the last round is still under way.
	 * @param connections the connections, of whatever protocol
	 * @param hurry whether connections without streams are closed without waiting
	 * @param wanted whether that is wanted still
	 */
	void say(Collection<Carried> connections, boolean hurry, BooleanSupplier wanted) {
		List<Carried> http2 = connections.stream()
			.filter((carried) -> carried.connection() instanceof HTTP2Connection)
			.toList();
		if (!http2.isEmpty()) {
			// Written to TLS, and closed, in a thread of our own.
			this.aside.execute(() -> http2.forEach(
					(carried) -> goOn(carried, ((HTTP2Connection) carried.connection()).getSession(), hurry, wanted)));
		}
	}

	/**
	 * Nothing more is said: who was told of the end for good ends by the ordinary
	 * timeout.
	 * @param idleTimeout that timeout in milliseconds
	 */
	void cancelled(long idleTimeout) {
		synchronized (this.farewells) {
			this.farewells.forEach((session, farewell) -> farewell.cancelled(session, idleTimeout));
		}
	}

	private void goOn(Carried carried, HTTP2Session session, boolean hurry, BooleanSupplier wanted) {
		try {
			// Nothing goes before the SETTINGS, which are the first that is written.
			if (session.getBytesWritten() > 0) {
				this.farewells.computeIfAbsent(session, (key) -> new Farewell()).goOn(carried, session, hurry, wanted);
			}
		}
		catch (RuntimeException | LinkageError ex) {
			// The others are told all the same.
			logger.debug("A connection of HTTP/2 was not told of the end", ex);
		}
	}

	/** How far it has come with one connection. */
	private static final class Farewell {

		private long since;

		private Step next = Step.GRACEFUL;

		private volatile boolean written;

		/** In milliseconds; none if not positive. */
		private long idleTimeout;

		synchronized void goOn(Carried carried, HTTP2Session session, boolean hurry, BooleanSupplier wanted) {
			if (!wanted.getAsBoolean()) {
				return;
			}
			// Jetty 12.1 keeps a tunnel that has ended on both sides in its count.
			boolean idle = session.getStreams().stream().allMatch(Stream::isClosed);
			switch (this.next) {
				// Past the session, which would go on to its end by itself.
				case GRACEFUL -> {
					session.frames(null, List.of(GoAwayFrame.GRACEFUL), Callback.NOOP);
					then(Step.FINAL);
				}
				case FINAL -> {
					if ((idle && (hurry || isOver(ON_THE_WAY))) || isOver(PATIENCE)) {
						// Its idle timeout would break streams now. They have their own.
						this.idleTimeout = session.getEndPoint().getIdleTimeout();
						session.getEndPoint().setIdleTimeout(0);
						session.close(ErrorCode.NO_ERROR.code, "drain",
								Callback.from(() -> this.written = true, (ex) -> this.written = true));
						then(Step.HALF_CLOSE);
					}
				}
				case HALF_CLOSE -> {
					if ((!this.written || carried.isBlocked()) && this.idleTimeout > 0
							&& carried.isQuiet(Duration.ofMillis(this.idleTimeout))) {
						// It does not take what it is told: it has gone.
						session.disconnect();
					}
					else if (!idle || !this.written) {
						then(Step.HALF_CLOSE);
					}
					else if (isOver(LINGER) || (isOver(SHORT) && (hurry || carried.isQuiet(READING)))) {
						// Not closed: what the kernel has still to send would be lost if
						// the peer said something meanwhile.
						session.getEndPoint().shutdownOutput();
						then(Step.DISCONNECT);
					}
				}
				case DISCONNECT -> {
					// A peer that still reads says so.
					Duration patience = hurry ? READING : LINGER;
					if (isOver(patience) && carried.isQuiet(patience)) {
						session.disconnect();
					}
				}
			}
		}

		synchronized void cancelled(HTTP2Session session, long idleTimeout) {
			if (this.next != Step.GRACEFUL && this.next != Step.FINAL) {
				session.getEndPoint().setIdleTimeout(idleTimeout);
			}
		}

		private void then(Step step) {
			this.next = step;
			this.since = System.nanoTime();
		}

		private boolean isOver(Duration time) {
			return System.nanoTime() - this.since >= time.toNanos();
		}

	}

	private enum Step {

		GRACEFUL, FINAL, HALF_CLOSE, DISCONNECT

	}

}
