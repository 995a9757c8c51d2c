package io.gozd.tomcat;

import java.time.Duration;

import io.gozd.drain.LongLived;
import jakarta.servlet.ServletContext;
import org.apache.tomcat.websocket.server.Constants;
import org.apache.tomcat.websocket.WsWebSocketContainer;

/**
 * The WebSockets of a Tomcat, of servlets and of reactive applications: each is closed
 * with 1001, going away (RFC 6455, 7.4.1), which tells clients to connect again.
 *
 * @param connectors know the contexts where the containers of WebSockets are found
 * @param patience how long they may go on once a drain has begun
 */
public record TomcatWebSockets(TomcatConnectors connectors, Duration patience) implements LongLived {

	@Override
	public String name() {
		return "WebSockets";
	}

	@Override
	public void end() {
		for (ServletContext context : this.connectors.servletContexts()) {
			if (context.getAttribute(
					Constants.SERVER_CONTAINER_SERVLET_CONTEXT_ATTRIBUTE) instanceof WsWebSocketContainer container) {
				container.destroy();
			}
		}
	}

}
