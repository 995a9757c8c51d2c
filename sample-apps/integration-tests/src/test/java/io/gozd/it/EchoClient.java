package io.gozd.it;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One WebSocket connection to an echo.
 */
final class EchoClient implements AutoCloseable {

	static final int GOING_AWAY = 1001;

	private static final Duration LIMIT = Duration.ofSeconds(30);

	/** Servers end a connection that is idle: Jetty after 30 s. */
	private static final Duration PING = Duration.ofSeconds(5);

	private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

	private final Thread pings = new Thread(this::ping, "websocket-ping");

	private final WebSocket socket;

	private EchoClient(HttpClient http, URI uri) {
		this.socket = http.newWebSocketBuilder()
			.connectTimeout(LIMIT)
			.buildAsync(uri, new Listener(this.events, new StringBuilder()))
			.join();
		this.pings.setDaemon(true);
		this.pings.start();
	}

	private void ping() {
		try {
			while (!this.socket.isOutputClosed()) {
				this.socket.sendPing(ByteBuffer.allocate(0)).join();
				Thread.sleep(PING.toMillis());
			}
		}
		catch (InterruptedException | CompletionException ex) {
			// Closed here, or by the server, which the queue tells.
		}
	}

	static EchoClient open(HttpClient http, Endpoint endpoint) {
		return new EchoClient(http, URI.create(endpoint.uri("ws", "/ws")));
	}

	/**
	 * Sends a message and waits for what comes: its echo, or the end.
	 */
	Event send(String message) {
		try {
			this.socket.sendText(message, true).get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (Exception ex) {
			// The end may have come first: what the queue has says which.
			Event end = next(LIMIT);
			return (end.closeCode() != 0) ? end : new Event(null, 0, "send: " + ex);
		}
		return next(LIMIT);
	}

	Event next(Duration limit) {
		try {
			Event event = this.events.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
			return (event != null) ? event : new Event(null, 0, "nothing came");
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	@Override
	public void close() {
		this.pings.interrupt();
		this.socket.abort();
	}

	/**
	 * What a connection tells.
	 *
	 * @param text a message, if it is one
	 * @param closeCode why it was closed, if it was; else 0
	 * @param detail more of it
	 */
	record Event(@Nullable String text, int closeCode, String detail) {

		boolean isEchoOf(String message) {
			return message.equals(this.text);
		}

		boolean isGoingAway() {
			return this.closeCode == GOING_AWAY;
		}

	}

	private record Listener(BlockingQueue<Event> events, StringBuilder received) implements WebSocket.Listener {

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.received.append(data);
			if (last) {
				this.events.add(new Event(this.received.toString(), 0, ""));
				this.received.setLength(0);
			}
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
			this.events.add(new Event(null, code, reason));
			return null;
		}

		@Override
		public void onError(WebSocket socket, Throwable error) {
			this.events.add(new Event(null, 0, error.toString()));
		}

	}

}
