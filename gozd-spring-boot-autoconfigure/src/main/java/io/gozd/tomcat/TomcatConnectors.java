package io.gozd.tomcat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Posix;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Puts the connectors of a Tomcat on listeners of this process.
 */
public final class TomcatConnectors {

	/** The protocol for connectors that are made by its name. */
	public static final String PROTOCOL = HandoverProtocol.class.getName();

	/** When a stream that comes after the first GOAWAY is turned away (RFC 9113, 6.8). */
	private static final long HTTP2_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final ListenerTable listeners;

	private final Endpoints endpoints;

	private final Supplier<Posix> posix;

	/**
	 * Create one for the process.
	 * @param listeners its listeners
	 * @param endpoints its endpoints
	 * @param posix the operating system
	 */
	public TomcatConnectors(ListenerTable listeners, Endpoints endpoints, Supplier<Posix> posix) {
		this.listeners = listeners;
		this.endpoints = endpoints;
		this.posix = posix;
	}

	/**
	 * Take every connector of a Tomcat, before it binds.
	 * @param id the name of the first connector's directive
	 * @param context a context of that Tomcat
	 * @return why a reload is impossible: a sentence for each connector that can't be
	 * taken
	 */
	public List<String> take(String id, Context context) {
		Engine engine = (Engine) context.getParent().getParent();
		context.addLifecycleListener(new TemporaryFiles());
		List<String> obstacles = new ArrayList<>();
		Connector[] connectors = engine.getService().findConnectors();
		for (int i = 0; i < connectors.length; i++) {
			Connector connector = connectors[i];
			String obstacle = obstacle(connector);
			if (obstacle != null) {
				obstacles.add("The connector of port " + connector.getPort() + " " + obstacle);
			}
			else if (connector.getProtocolHandler() instanceof HandoverProtocol protocol) {
				String name = (i == 0) ? id : id + "-" + i;
				protocol.endpoint().listenersFrom(new ListenerSource(name, this.listeners, this.endpoints, this.posix));
				drainHttp2(connector);
			}
		}
		return obstacles;
	}

	private static @Nullable String obstacle(Connector connector) {
		if (!(connector.getProtocolHandler() instanceof HandoverProtocol protocol)) {
			return "uses " + connector.getProtocolHandlerClassName()
					+ ", which can't hand its listener over: use the default protocol, or make an additional connector"
					+ " with new Connector(new " + PROTOCOL + "())";
		}
		if (protocol.endpoint().getUnixDomainSocketPath() != null || protocol.endpoint().getUseInheritedChannel()) {
			return "listens on a Unix socket or an inherited channel, which can't be handed over: use a port";
		}
		if (!CommitHook.isPossible()) {
			return "belongs to a release of Tomcat that is not known: use the one that Spring Boot manages";
		}
		return null;
	}

	private static void drainHttp2(Connector connector) {
		for (UpgradeProtocol upgrade : connector.findUpgradeProtocols()) {
			if (upgrade instanceof Http2Protocol http2) {
				http2.setDrainTimeout(HTTP2_DRAIN_NANOS);
			}
		}
	}

}
