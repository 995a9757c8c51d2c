package io.gozd.tomcat;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Says {@code Connection: close} in each response of HTTP/1.1 while its connector drains:
 * the client takes another connection for its next request, and no idle connection needs
 * to be closed under it.
 */
final class DrainValve extends ValveBase {

	DrainValve() {
		super(true);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		if (isDraining(request)) {
			sayClose(request, response);
		}
		getNext().invoke(request, response);
		// The drain may have begun meanwhile.
		if (isDraining(request) && !response.isCommitted()) {
			sayClose(request, response);
		}
	}

	private static boolean isDraining(Request request) {
		return request.getConnector().getProtocolHandler() instanceof HandoverProtocol protocol
				&& protocol.isDraining();
	}

	// HTTP/2 has no such header, and a handshake of WebSocket one of its own.
	private static void sayClose(Request request, Response response) {
		if (request.getProtocol().startsWith("HTTP/1") && request.getHeader("Upgrade") == null) {
			response.setHeader("Connection", "close");
		}
	}

}
