package io.gozd.jetty;

import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.gozd.listener.Directive;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Protocol;
import io.gozd.posix.NativePosix;
import io.gozd.server.EmbeddedServer;
import io.gozd.server.Script;
import io.gozd.tomcat.Servlets;
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
final class EmbeddedJetty extends EmbeddedServer<EmbeddedJetty> {

	// Held, or the level is forgotten. Only what a test asserts counts.
	private static final Logger LOGGER = Logger.getLogger("org.eclipse.jetty");

	private final Server server = new Server();

	private final JettyContext context;

	private final JettyConnectors connectors;

	EmbeddedJetty(List<InheritedListener> inheritance) {
		super(inheritance);
		LOGGER.setLevel(Level.OFF);
		this.connectors = new JettyConnectors(listeners(), endpoints(), NativePosix::get);
		this.context = new JettyContext("/");
		this.server.setHandler(this.context.handler());
		connector(new ServerConnector(this.server, factories()));
	}

	/** One that does what a script says; other protocols are WebSockets here. */
	static EmbeddedJetty of(Script script, List<InheritedListener> inheritance) {
		EmbeddedJetty jetty = new EmbeddedJetty(inheritance);
		Servlets.of(script).forEach(jetty::servlet);
		return jetty.echo("/ws");
	}

	@Override
	protected EmbeddedJetty self() {
		return this;
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
		return directive(new Directive("web-" + directives().size(), address, Protocol.HTTP,
				PosixFilePermissions.fromString("rw-rw-rw-"), 4096, 1, null, null));
	}

	@Override
	public EmbeddedJetty port(int port) {
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

	@Override
	public List<String> take() {
		WebDirectives web = new WebDirectives(opened(), null, directives(), this::make);
		this.connectors.prepare("server", web, this.server);
		return this.connectors.take("server", web, this.server);
	}

	private ServerConnector make(Object jetty, Directive directive) {
		ServerConnector connector = new ServerConnector((Server) jetty, factories());
		connector.setHost("127.0.0.1");
		return connector;
	}

	@Override
	public EmbeddedJetty start() throws Exception {
		this.server.start();
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

	@Override
	public int port() {
		return ((NetworkConnector) connector()).getLocalPort();
	}

	@Override
	public boolean isAcceptor(String thread) {
		return thread.matches(".*-acceptor-\\d+@.*");
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
