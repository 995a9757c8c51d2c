package io.gozd.it;

import org.jspecify.annotations.Nullable;

/**
 * What each server has a property of its own for, or none.
 */
enum ServerSetting {

	KEEP_ALIVE_TIMEOUT("keep-alive-timeout", "no-request-timeout", "connection-idle-timeout"),

	THREADS("threads.max", "threads.worker", "threads.max"),

	MAX_CONNECTIONS("max-connections", "options.socket.connection-high-water", "max-connections"),

	BACKLOG("accept-count", "options.socket.backlog", null);

	private final @Nullable String tomcat;

	private final @Nullable String undertow;

	private final @Nullable String jetty;

	ServerSetting(@Nullable String tomcat, @Nullable String undertow, @Nullable String jetty) {
		this.tomcat = tomcat;
		this.undertow = undertow;
		this.jetty = jetty;
	}

	boolean isKnownTo(ServerKind server) {
		return nameFor(server) != null;
	}

	/**
	 * The property with a value, as name=value.
	 */
	String of(ServerKind server, Object value) {
		if (!isKnownTo(server)) {
			throw new AssertionError(server + " has no property for " + this);
		}
		return "server." + server.toString().toLowerCase() + "." + nameFor(server) + "=" + value;
	}

	private @Nullable String nameFor(ServerKind server) {
		return switch (server) {
			case TOMCAT -> this.tomcat;
			case UNDERTOW -> this.undertow;
			case JETTY -> this.jetty;
		};
	}

}
