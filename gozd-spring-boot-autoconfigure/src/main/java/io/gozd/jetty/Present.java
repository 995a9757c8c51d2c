package io.gozd.jetty;

import org.eclipse.jetty.server.Server;

/**
 * What this Jetty has of what it need not have.
 */
final class Present {

	static final boolean HTTP2 = type("org.eclipse.jetty.http2.HTTP2Connection");

	static final boolean WEB_SOCKETS = type("org.eclipse.jetty.websocket.core.WebSocketConnection");

	private Present() {
	}

	static boolean type(String name) {
		try {
			Class.forName(name, false, Server.class.getClassLoader());
			return true;
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

}
