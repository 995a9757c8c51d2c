package io.gozd.tomcat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.gozd.drain.AsideExecutor;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.upgrade.UpgradeProcessorInternal;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * Ends HTTP/2 connections as RFC 9113, 6.8 asks for: GOAWAY with the highest stream id,
 * time for streams that are on their way, and the final GOAWAY when none is left. What is
 * written may block on a peer that does not read: hence a thread of its own.
 */
final class Http2Goodbye {

	private static final String HTTP2 = "org.apache.coyote.http2.";

	/** Longer than a round trip: what the peer sent before it read the GOAWAY is here. */
	private static final Duration ON_THE_WAY = Duration.ofSeconds(2);

	private final HandoverNioEndpoint endpoint;

	private final Map<SocketWrapperBase<NioChannel>, Long> told = new ConcurrentHashMap<>();

	private final AsideExecutor aside = new AsideExecutor("gozd-goaway");

	Http2Goodbye(HandoverNioEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Send what is due, unless the last round is still under way.
	 * @param hurry whether connections without streams are closed at once
	 */
	void say(boolean hurry) {
		if (!this.endpoint.getConnections().stream().anyMatch(Http2Goodbye::isHttp2)) {
			return;
		}
		this.aside.execute(() -> round(hurry));
	}

	private void round(boolean hurry) {
		// Says GOAWAY once to each connection that has not been told yet.
		this.endpoint.getHandler().pause();
		this.told.keySet().retainAll(this.endpoint.getConnections());
		long now = System.nanoTime();
		for (SocketWrapperBase<NioChannel> connection : this.endpoint.getConnections()) {
			if (isHttp2(connection)) {
				long since = now - this.told.computeIfAbsent(connection, (key) -> now);
				Processor processor = (Processor) connection.getCurrentProcessor();
				if (processor != null && (hurry || since >= ON_THE_WAY.toNanos())) {
					// Ends the connection if it has no stream, and only then.
					processor.timeoutAsync(Long.MAX_VALUE);
				}
			}
		}
	}

	private static boolean isHttp2(SocketWrapperBase<NioChannel> connection) {
		return connection.getCurrentProcessor() instanceof UpgradeProcessorInternal processor
				&& processor.getUpgradeToken().getHttpUpgradeHandler().getClass().getName().startsWith(HTTP2);
	}

}
