package io.gozd.jetty;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/** A WebSocket that answers what it is told. */
public final class Echo implements Session.Listener.AutoDemanding {

	private Session session;

	@Override
	public void onWebSocketOpen(Session session) {
		this.session = session;
	}

	@Override
	public void onWebSocketText(String message) {
		this.session.sendText(message, Callback.NOOP);
	}

}
