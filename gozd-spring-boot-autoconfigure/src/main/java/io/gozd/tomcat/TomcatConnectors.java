package io.gozd.tomcat;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.drain.ListenerSource;
import io.gozd.listener.Directive;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.Protocol;
import io.gozd.posix.Posix;
import jakarta.servlet.ServletContext;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.Executor;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Puts the connectors of a Tomcat on listeners of this process.
 */
public final class TomcatConnectors {

	private static final Log logger = LogFactory.getLog(TomcatConnectors.class);

	/** The protocol for connectors that are made by its name. */
	public static final String PROTOCOL = HandoverProtocol.class.getName();

	/** The same for connectors that speak FastCGI. */
	public static final String FCGI_PROTOCOL = FcgiProtocol.class.getName();

	/** When a stream that comes after the first GOAWAY is turned away (RFC 9113, 6.8). */
	private static final long HTTP2_DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

	private final ListenerTable listeners;

	private final Endpoints endpoints;

	private final Supplier<Posix> posix;

	private final List<Context> contexts = new CopyOnWriteArrayList<>();

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
	 * Take every connector of a Tomcat, before it binds, and add one for each directive
	 * that has none.
	 * @param id the name of the first connector's directive, where that is implied
	 * @param web the directives that this Tomcat serves
	 * @param context a context of that Tomcat
	 * @return why a reload is impossible: a sentence for each connector that can't be
	 * taken
	 */
	public List<String> take(String id, WebDirectives web, Context context) {
		Engine engine = (Engine) context.getParent().getParent();
		context.addLifecycleListener(new TemporaryFiles());
		this.contexts.add(context);
		List<String> obstacles = new ArrayList<>();
		Connector[] connectors = engine.getService().findConnectors();
		for (int i = 0; i < connectors.length; i++) {
			Directive directive = (i == 0) ? web.first() : null;
			String name = (i == 0) ? id : id + "-" + i;
			String obstacle = take(connectors[i], (directive != null) ? serve(web, directive) : implied(name),
					directive);
			if (obstacle != null) {
				obstacles.add("The connector of port " + connectors[i].getPort() + " " + obstacle);
			}
		}
		for (Directive directive : web.others()) {
			boolean fcgi = directive.protocol() == Protocol.FCGI;
			Connector connector = new Connector(fcgi ? new FcgiProtocol() : new HandoverProtocol());
			connector.setThrowOnFailure(true);
			web.customize(connector, directive);
			String obstacle = take(connector, serve(web, directive), directive);
			if (obstacle != null) {
				obstacles.add("The connector of gozd.directives." + directive.id() + " " + obstacle);
			}
			add(connector, engine.getService());
		}
		return obstacles;
	}

	List<ServletContext> servletContexts() {
		return this.contexts.stream().map(Context::getServletContext).toList();
	}

	private @Nullable String take(Connector connector, ListenerSource.Claim claim, @Nullable Directive directive) {
		HandoverNioEndpoint endpoint = endpoint(connector);
		String obstacle = obstacle(connector, endpoint);
		if (directive != null && directive.protocol() == Protocol.FCGI
				&& !(connector.getProtocolHandler() instanceof FcgiProtocol)) {
			return "is to speak FastCGI and has another protocol: leave that to the directive";
		}
		if (obstacle == null && endpoint != null) {
			if (directive != null && !directive.isTcp()) {
				// Tomcat gives requests the addresses of the loopback interface then.
				endpoint.setUnixDomainSocketPath(directive.address().toString());
			}
			if (directive != null && connector.getProtocolHandler() instanceof FcgiProtocol protocol) {
				protocol.configure(directive.fcgi());
				warnIfExposed(directive);
			}
			endpoint.listenersFrom(new ListenerSource(claim, this.endpoints, this.posix));
			drainHttp2(connector);
		}
		return obstacle;
	}

	private static @Nullable HandoverNioEndpoint endpoint(Connector connector) {
		if (connector.getProtocolHandler() instanceof HandoverProtocol protocol) {
			return protocol.endpoint();
		}
		return (connector.getProtocolHandler() instanceof FcgiProtocol protocol) ? protocol.endpoint() : null;
	}

	/** Whoever speaks FastCGI can say that a request comes from anybody. */
	private static void warnIfExposed(Directive directive) {
		if (directive.address() instanceof InetSocketAddress address && !address.getAddress().isLoopbackAddress()
				&& directive.fcgi().webServers().isEmpty()) {
			logger.warn("Anybody who reaches gozd.directives." + directive.id() + ".address=" + address
					+ " is believed as a web server is: use a Unix socket or a loopback address, or name the web"
					+ " servers in gozd.directives." + directive.id() + ".fcgi.web-servers");
		}
	}

	private ListenerSource.Claim implied(String name) {
		return (address, backlog, binder) -> this.listeners.claim(ListenerKey.of(name, address), name, address, backlog,
				binder);
	}

	private static ListenerSource.Claim serve(WebDirectives web, Directive directive) {
		return (address, backlog, binder) -> web.directives().take(directive.id());
	}

	// As Spring Boot does for the connectors that it makes.
	private static void add(Connector connector, Service service) {
		service.addConnector(connector);
		if (connector.getProtocolHandler().getExecutor() instanceof Executor executor) {
			service.addExecutor(executor);
		}
	}

	private static @Nullable String obstacle(Connector connector, @Nullable HandoverNioEndpoint endpoint) {
		if (endpoint == null) {
			return "uses " + connector.getProtocolHandlerClassName()
					+ ", which can't hand its listener over: use the default protocol, or make an additional connector"
					+ " with new Connector(new " + PROTOCOL + "())";
		}
		if (endpoint.getUnixDomainSocketPath() != null || endpoint.getUseInheritedChannel()) {
			return "listens on a Unix socket or an inherited channel, which can't be handed over: use a port";
		}
		if (!CommitHook.isPossible() || !Http2Handler.isPossible()) {
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
