package io.gozd.jetty;

import java.time.Duration;

import io.gozd.drain.LongLived;
import org.jspecify.annotations.Nullable;

/**
 * The WebSockets of a Jetty, of whatever API and on whatever HTTP: each is closed with
 * 1001, going away (RFC 6455, 7.4.1), which tells clients to connect again.
 */
public final class JettyWebSockets implements LongLived {

	private final JettyConnectors connectors;

	private final Duration patience;

	private final @Nullable GoingAway goingAway = Present.WEB_SOCKETS ? new GoingAway() : null;

	/**
	 * Create them.
	 * @param connectors know the connections
	 * @param patience how long they may go on once a drain has begun
	 */
	public JettyWebSockets(JettyConnectors connectors, Duration patience) {
		this.connectors = connectors;
		this.patience = patience;
	}

	@Override
	public String name() {
		return "WebSockets";
	}

	@Override
	public Duration patience() {
		return this.patience;
	}

	@Override
	public void end() {
		if (this.goingAway != null) {
			this.connectors.carried().forEach(this.goingAway::say);
		}
	}

}
