package io.gozd.undertow;

import java.util.function.BooleanSupplier;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.ResponseCommitListener;
import io.undertow.util.AttachmentKey;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.Protocols;

/**
 * Before every other handler of a listener: takes away keep-alive in the very instant
 * when a response of HTTP/1.1 is committed while the listener drains. Undertow then says
 * {@code Connection: close}, and no idle connection needs to be closed under a client.
 */
final class DrainHandler implements HttpHandler {

	/** When a connection was first seen idle since its last request, in nanoseconds. */
	static final AttachmentKey<Long> IDLE_SINCE = AttachmentKey.create(Long.class);

	private final HttpHandler next;

	private final BooleanSupplier draining;

	/** One for all requests. */
	private final ResponseCommitListener committing = this::commit;

	DrainHandler(HttpHandler next, BooleanSupplier draining) {
		this.next = next;
		this.draining = draining;
	}

	@Override
	public void handleRequest(HttpServerExchange exchange) throws Exception {
		if (!exchange.getProtocol().equals(Protocols.HTTP_2_0)) {
			exchange.getConnection().removeAttachment(IDLE_SINCE);
			exchange.addResponseCommitListener(this.committing);
		}
		this.next.handleRequest(exchange);
	}

	private void commit(HttpServerExchange exchange) {
		// A handshake's answer has a header "Connection" of its own. Neither that nor
		// the answer to CONNECT has an end.
		if (this.draining.getAsBoolean() && !exchange.isUpgrade()
				&& !exchange.getRequestMethod().equals(Methods.CONNECT)) {
			keepChunks(exchange);
			exchange.setPersistent(false);
		}
	}

	/** Undertow would let the end of the connection be that of the response. */
	private static void keepChunks(HttpServerExchange exchange) {
		HeaderMap headers = exchange.getResponseHeaders();
		if (exchange.isHttp11() && !headers.contains(Headers.CONTENT_LENGTH)
				&& !headers.contains(Headers.TRANSFER_ENCODING)) {
			headers.put(Headers.TRANSFER_ENCODING, Headers.CHUNKED.toString());
		}
	}

}
