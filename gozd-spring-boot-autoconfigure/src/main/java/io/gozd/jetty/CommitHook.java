package io.gozd.jetty;

import java.nio.ByteBuffer;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Says {@code Connection: close} in the very instant when a response of HTTP/1.1 is
 * committed while its connector drains: the client takes another connection for its next
 * request, and no idle connection needs to be closed under it. A handler would come too
 * late, because most responses are committed inside the application.
 */
final class CommitHook implements HttpConfiguration.Customizer {

	private static final CommitHook HOOK = new CommitHook();

	private static final int FIRST_FINAL_STATUS = 200;

	private CommitHook() {
	}

	/** Install it in every configuration of a connector, once, before what may fail. */
	static void install(Connector connector) {
		for (ConnectionFactory factory : connector.getConnectionFactories()) {
			if (factory instanceof HttpConfiguration.ConnectionFactory http
					&& !http.getHttpConfiguration().getCustomizers().contains(HOOK)) {
				http.getHttpConfiguration().getCustomizers().add(0, HOOK);
			}
		}
	}

	@Override
	public Request customize(Request request, HttpFields.Mutable responseHeaders) {
		ConnectionMetaData connection = request.getConnectionMetaData();
		if (connection.getConnector() instanceof HandoverConnector connector
				&& connection.getHttpVersion().getVersion() <= HttpVersion.HTTP_1_1.getVersion()) {
			request.addHttpStreamWrapper((stream) -> new LastWord(stream, connector));
		}
		return request;
	}

	private static final class LastWord extends HttpStream.Wrapper {

		private final HandoverConnector connector;

		LastWord(HttpStream stream, HandoverConnector connector) {
			super(stream);
			this.connector = connector;
		}

		@Override
		public void send(MetaData.Request request, MetaData.@Nullable Response response, boolean last,
				ByteBuffer content, Callback callback) {
			// The answer to a handshake has a header "Connection" of its own, and no end,
			// nor has a tunnel.
			boolean isLast = response != null && response.getStatus() >= FIRST_FINAL_STATUS
					&& !HttpMethod.CONNECT.is(request.getMethod()) && this.connector.isDraining();
			super.send(request, isLast ? closing(response, last) : response, last, content, callback);
		}

		private static MetaData.Response closing(MetaData.Response response, boolean last) {
			HttpFields.Mutable headers = HttpFields.build(response.getHttpFields())
				.put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE);
			if (isChunked(response, last)) {
				// Else the end of the connection would be that of the body.
				headers.put(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);
			}
			return new MetaData.Response(response.getStatus(), response.getReason(), response.getHttpVersion(), headers,
					response.getContentLength(), response.getTrailersSupplier());
		}

		/** Whether it would be if the connection went on. */
		private static boolean isChunked(MetaData.Response response, boolean last) {
			return response.getHttpVersion() == HttpVersion.HTTP_1_1
					&& (!last || response.getTrailersSupplier() != null) && response.getContentLength() < 0
					&& !response.getHttpFields().contains(HttpHeader.CONTENT_LENGTH);
		}

	}

}
