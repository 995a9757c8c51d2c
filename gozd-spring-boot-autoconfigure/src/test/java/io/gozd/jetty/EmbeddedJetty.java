package io.gozd.jetty;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.gozd.drain.Endpoint;
import io.gozd.drain.Endpoints;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.Protocol;
import io.gozd.posix.NativePosix;
import io.gozd.tomcat.HttpSocket;
import jakarta.servlet.Servlet;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A Jetty in this process, as the starter sets it up: HTTP/1.1 and, in cleartext, HTTP/2.
 */
final class EmbeddedJetty implements Closeable {

	// Held, or the level is forgotten. Only what a test asserts counts.
	private static final Logger LOGGER = Logger.getLogger("org.eclipse.jetty");

	private final Server server = new Server();

	private final JettyContext context;

	private final ListenerTable listeners;

	private final Endpoints endpoints = new Endpoints();

	private final JettyConnectors connectors;

	private final List<Directive> directives = new ArrayList<>();

	EmbeddedJetty(List<InheritedListener> inheritance) {
		LOGGER.setLevel(Level.OFF);
		this.listeners = new ListenerTable(NativePosix::get, () -> inheritance);
		this.connectors = new JettyConnectors(this.listeners, this.endpoints, NativePosix::get);
		this.context = new JettyContext("/");
		this.server.setHandler(this.context.handler());
		connector(new ServerConnector(this.server, factories()));
	}

	static org.eclipse.jetty.server.ConnectionFactory[] factories() {
		HttpConfiguration configuration = new HttpConfiguration();
		return new org.eclipse.jetty.server.ConnectionFactory[] { new HttpConnectionFactory(configuration),
				new HTTP2CServerConnectionFactory(configuration) };
	}

	/** Add a connector; the first is there already. */
	EmbeddedJetty connector(ServerConnector connector) {
		connector.setHost("127.0.0.1");
		this.server.addConnector(connector);
		return this;
	}

	EmbeddedJetty directive(SocketAddress address) {
		this.directives.add(new Directive("web-" + this.directives.size(), address, Protocol.HTTP,
				PosixFilePermissions.fromString("rw-rw-rw-"), 4096, 1, null, null));
		return this;
	}

	EmbeddedJetty port(int port) {
		((ServerConnector) connector()).setPort(port);
		return this;
	}

	EmbeddedJetty servlet(String path, Servlet servlet) {
		this.context.add(path, servlet);
		return this;
	}

	/** Serve WebSockets that answer what they are told. */
	EmbeddedJetty echo(String path) {
		this.context.addWebSockets(path, Echo::new);
		return this;
	}

	/** Say why a reload is impossible, if it is. */
	List<String> take() {
		Directives opened = new Directives(this.directives, this.listeners);
		opened.open();
		WebDirectives web = new WebDirectives(opened, null, this.directives,
				(server, directive) -> new ServerConnector((Server) server, factories()));
		this.connectors.prepare("server", web, this.server);
		return this.connectors.take("server", web, this.server);
	}

	EmbeddedJetty start() throws Exception {
		this.server.start();
		return this;
	}

	EmbeddedJetty takeAndStart() throws Exception {
		take();
		return start();
	}

	/** Serve, as a first generation does. */
	EmbeddedJetty serve() throws Exception {
		takeAndStart();
		this.endpoints.open();
		return this;
	}

	Server server() {
		return this.server;
	}

	JettyConnectors connectors() {
		return this.connectors;
	}

	/** The first connector. */
	Connector connector() {
		return this.server.getConnectors()[0];
	}

	int port() {
		return ((NetworkConnector) connector()).getLocalPort();
	}

	ListenerTable listeners() {
		return this.listeners;
	}

	Endpoints endpoints() {
		return this.endpoints;
	}

	/** The endpoint of the first connector, or null if there is none. */
	Endpoint endpoint() {
		Endpoint[] first = new Endpoint[1];
		this.endpoints.forEach((endpoint) -> first[0] = (first[0] != null) ? first[0] : endpoint);
		return first[0];
	}

	void draining(boolean draining) {
		this.endpoints.forEach((endpoint) -> endpoint.draining(draining));
	}

	HttpSocket connect() throws IOException {
		return new HttpSocket(port());
	}

	@Override
	public void close() {
		try {
			this.server.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
