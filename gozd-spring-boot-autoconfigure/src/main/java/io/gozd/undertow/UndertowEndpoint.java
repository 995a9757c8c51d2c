package io.gozd.undertow;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.gozd.drain.Endpoint;
import io.gozd.listener.ListenerKey;
import io.gozd.posix.Posix;
import io.undertow.protocols.http2.Http2Channel;
import io.undertow.server.OpenListener;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;

/**
 * A listener of Undertow as an {@link Endpoint}.
 */
final class UndertowEndpoint implements Endpoint {

	private static final Log logger = LogFactory.getLog(UndertowEndpoint.class);

	/** When a WebSocket was told of the end, in nanoseconds. */
	private static final String TOLD = "io.gozd.told";

	private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(10);

	/** What has come in the last moment the I/O thread may not have seen. */
	private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** As long as Undertow waits for a request. */
	private static final Duration SILENCE = Duration.ofSeconds(60);

	/** A handshake may be under way. */
	private static final Duration SILENCE_IN_A_HURRY = Duration.ofSeconds(1);

	private final HandoverServer server;

	private final Supplier<Posix> posix;

	private volatile boolean draining;

	/** Known when Undertow has started. */
	private volatile @Nullable OpenConnections connections;

	UndertowEndpoint(HandoverServer server, Supplier<Posix> posix) {
		this.server = server;
		this.posix = posix;
	}

	HandoverServer server() {
		return this.server;
	}

	/** Learn who makes the connections, before there is one. */
	void serve(OpenListener listener) {
		this.connections = new OpenConnections(listener, (handler) -> new DrainHandler(handler, () -> this.draining));
		this.server.gate().known(true);
	}

	@Override
	public String name() {
		return "undertow-" + this.server.name();
	}

	@Override
	public @Nullable ListenerKey key() {
		return this.server.isOpen() ? lastKey() : null;
	}

	@Override
	public ListenerKey lastKey() {
		return this.server.acceptor().listener().key();
	}

	@Override
	public void accept() {
		this.server.gate().admitted(true);
	}

	@Override
	public void stopAccepting() {
		this.server.gate().admitted(false);
	}

	@Override
	public boolean stopAcceptingIfQueueIsEmpty() throws IOException {
		return !this.server.isOpen() || this.server.gate().shutIfQueueIsEmpty();
	}

	@Override
	public void refuseNewcomers() throws IOException {
		if (this.server.isOpen()) {
			this.server.acceptor().listener().refuseNewcomers(this.posix.get());
			// What waits is served, however much is open: nothing more comes.
			this.server.gate().limit(Integer.MAX_VALUE, Integer.MAX_VALUE);
		}
	}

	@Override
	public void closeListener() {
		try {
			this.server.acceptor().close();
		}
		catch (IOException ex) {
			logger.warn("The listener of " + name() + " did not close well", ex);
		}
	}

	@Override
	public void draining(boolean draining) {
		this.draining = draining;
	}

	@Override
	public void remind() {
		sayGoodbye(false);
		closeSilent(SILENCE);
	}

	private void closeSilent(Duration patience) {
		withConnections((connections) -> this.server.closeSilent(connections, patience));
	}

	@Override
	public void closeIdle() {
		sayGoodbye(true);
		closeSilent(SILENCE_IN_A_HURRY);
		withConnections((connections) -> connections.eachIdle(UndertowEndpoint::closeIfQuiet));
	}

	private void sayGoodbye(boolean hurry) {
		withConnections((connections) -> connections.eachFramed(Http2Channel.class, (channel) -> {
			// The drain may have been cancelled meanwhile.
			if (this.draining || hurry) {
				Http2Goodbye.say(channel, hurry);
			}
		}));
	}

	private static void closeIfQuiet(HttpServerConnection connection) {
		Long since = connection.getAttachment(DrainHandler.IDLE_SINCE);
		long now = System.nanoTime();
		if (since == null) {
			connection.putAttachment(DrainHandler.IDLE_SINCE, now);
		}
		else if (now - since >= QUIET_NANOS) {
			IoUtils.safeClose(connection);
		}
	}

	/** Close WebSockets with 1001, going away. */
	void closeWebSockets() {
		withConnections((connections) -> connections.eachFramed(WebSocketChannel.class, UndertowEndpoint::close));
	}

	private static void close(WebSocketChannel channel) {
		Long told = (Long) channel.getAttribute(TOLD);
		if (told == null) {
			channel.setAttribute(TOLD, System.nanoTime());
			if (!channel.isCloseFrameSent()) {
				WebSockets.sendClose(CloseMessage.GOING_AWAY, "", channel, null);
			}
		}
		else if (System.nanoTime() - told >= ANSWER_NANOS) {
			// Undertow waits for an answer for ever.
			IoUtils.safeClose(channel);
		}
	}

	private void withConnections(Consumer<OpenConnections> action) {
		OpenConnections connections = this.connections;
		if (connections != null) {
			action.accept(connections);
		}
	}

	@Override
	public void closeAll() {
		this.server.closeConnections();
	}

	@Override
	public int openConnections() {
		return this.server.openConnections();
	}

	@Override
	public OptionalLong acceptedConnections() {
		return OptionalLong.of(this.server.acceptor().accepted());
	}

}
