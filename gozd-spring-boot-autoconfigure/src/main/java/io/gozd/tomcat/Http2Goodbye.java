package io.gozd.tomcat;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.gozd.drain.AsideExecutor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Ends HTTP/2 connections as RFC 9113, 6.8 asks for: GOAWAY with the highest stream id,
 * time for streams that are on their way, and the final GOAWAY when none is left. What is
 * written may block on a peer that does not read: hence a thread of its own.
 */
final class Http2Goodbye {

	private static final Log logger = LogFactory.getLog(Http2Goodbye.class);

	private final HandoverNioEndpoint endpoint;

	private final Map<SocketWrapperBase<NioChannel>, Http2Farewell> farewells = new ConcurrentHashMap<>();

	private final AsideExecutor aside = new AsideExecutor("gozd-goaway");

	Http2Goodbye(HandoverNioEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Send what is due, unless the last round is still under way.
	 * @param hurry whether connections without streams end without waiting
	 */
	void say(boolean hurry) {
		if (this.endpoint.getConnections().stream().anyMatch((connection) -> Http2Handler.of(connection) != null)) {
			this.aside.execute(() -> round(hurry));
		}
	}

	/** Nothing more is said. */
	void cancelled() {
		if (!this.farewells.isEmpty()) {
			// Not by who asks: a round that is under way may block.
			this.endpoint.getUtilityExecutor().execute(this::cancel);
		}
	}

	private void cancel() {
		this.farewells.values().removeIf((farewell) -> {
			farewell.cancel(this.endpoint.getUtilityExecutor());
			return true;
		});
	}

	private void round(boolean hurry) {
		if (!isWanted(hurry)) {
			return;
		}
		// Says GOAWAY once to each connection that has not been told yet.
		this.endpoint.getHandler().pause();
		this.farewells.keySet().retainAll(this.endpoint.getConnections());
		for (SocketWrapperBase<NioChannel> connection : this.endpoint.getConnections()) {
			Http2Handler handler = Http2Handler.of(connection);
			if (handler != null) {
				goOn(connection, handler, hurry);
			}
		}
	}

	private boolean isWanted(boolean hurry) {
		return hurry || this.endpoint.isDraining();
	}

	private void goOn(SocketWrapperBase<NioChannel> connection, Http2Handler handler, boolean hurry) {
		try {
			this.farewells.computeIfAbsent(connection, (key) -> new Http2Farewell((NioSocketWrapper) connection))
				.goOn(handler, hurry, () -> isWanted(hurry));
		}
		catch (IOException | RuntimeException ex) {
			// Closed meanwhile, for instance; the others are told all the same.
			logger.debug("A connection of HTTP/2 was not told of the end", ex);
		}
	}

}
