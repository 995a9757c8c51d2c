package io.gozd.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.gozd.server.Script;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.websockets.WebSocketConnectionCallback;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;

/**
 * What the application of these tests answers: a word, or what a path says.
 *
 * @param script what it says, and when
 */
record Paths(Script script) implements HttpHandler {

	/** More than a peer has at once, and no more than the kernel keeps for it. */
	static final int LARGE = 1_000_000;

	@Override
	public void handleRequest(HttpServerExchange exchange) throws Exception {
		switch (exchange.getRequestPath()) {
			case "/slow" -> new BlockingHandler(this::slow).handleRequest(exchange);
			case "/committed" -> new BlockingHandler(this::committed).handleRequest(exchange);
			case "/stream" -> new BlockingHandler(Paths::stream).handleRequest(exchange);
			case "/async" -> exchange.dispatch(Runnable::run, () -> later(exchange));
			case "/upgrade" -> exchange.upgradeChannel((connection, upgraded) -> {
				// Nothing is said.
			});
			case "/large" -> exchange.getResponseSender().send(ByteBuffer.allocate(LARGE));
			case "/ws" -> webSocket().handleRequest(exchange);
			default -> exchange.getResponseSender().send(this.script.word());
		}
	}

	private static void stream(HttpServerExchange exchange) throws IOException {
		write(exchange, "one");
		write(exchange, "two");
	}

	private void slow(HttpServerExchange exchange) throws IOException {
		this.script.begun().countDown();
		await();
		exchange.getOutputStream().write("slow".getBytes(StandardCharsets.US_ASCII));
	}

	private void committed(HttpServerExchange exchange) throws IOException {
		write(exchange, "one");
		this.script.begun().countDown();
		await();
		write(exchange, "two");
	}

	private static void write(HttpServerExchange exchange, String text) throws IOException {
		exchange.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		exchange.getOutputStream().flush();
	}

	private void later(HttpServerExchange exchange) {
		new Thread(() -> {
			this.script.begun().countDown();
			try {
				await();
				exchange.getResponseSender().send("later");
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}).start();
	}

	private void await() throws IOException {
		try {
			if (!this.script.goOn().await(10, TimeUnit.SECONDS)) {
				throw new IOException("Nobody said go on");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static HttpHandler webSocket() {
		return new WebSocketProtocolHandshakeHandler((WebSocketConnectionCallback) (exchange, channel) -> {
			channel.getReceiveSetter().set(new AbstractReceiveListener() {

				@Override
				protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
					WebSockets.sendText(message.getData(), channel, null);
				}

			});
			channel.resumeReceives();
		});
	}

}
