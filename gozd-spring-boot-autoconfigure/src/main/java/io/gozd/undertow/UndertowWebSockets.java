package io.gozd.undertow;

import java.time.Duration;

import io.gozd.drain.LongLived;

/**
 * The WebSockets of Undertow, of servlets and of reactive applications: each is closed
 * with 1001, going away (RFC 6455, 7.4.1), which tells clients to connect again.
 *
 * @param listeners know the connections
 * @param patience how long they may go on once a drain has begun
 */
public record UndertowWebSockets(UndertowListeners listeners, Duration patience) implements LongLived {

	@Override
	public String name() {
		return "WebSockets";
	}

	@Override
	public void end() {
		this.listeners.closeWebSockets();
	}

}
