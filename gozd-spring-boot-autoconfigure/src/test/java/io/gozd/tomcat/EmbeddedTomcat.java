package io.gozd.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.gozd.listener.Directive;
import io.gozd.listener.FcgiSettings;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Protocol;
import io.gozd.posix.NativePosix;
import io.gozd.server.EmbeddedServer;
import io.gozd.server.Script;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.Servlet;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * A Tomcat in this process, as the starter sets it up.
 */
final class EmbeddedTomcat extends EmbeddedServer<EmbeddedTomcat> {

	// Held, or the level is forgotten. Only what a test asserts counts.
	private static final Logger LOGGER = Logger.getLogger("org.apache");

	private final Tomcat tomcat = new Tomcat();

	private final Context context;

	EmbeddedTomcat(Path directory, List<InheritedListener> inheritance) {
		super(inheritance);
		LOGGER.setLevel(Level.OFF);
		this.tomcat.setBaseDir(directory.toString());
		this.context = this.tomcat.addContext("", directory.toString());
		connector(new Connector(new HandoverProtocol()), 0);
	}

	/** One that does what a script says. */
	static EmbeddedTomcat of(Script script, Path directory, List<InheritedListener> inheritance) {
		EmbeddedTomcat tomcat = new EmbeddedTomcat(directory, inheritance);
		Servlets.of(script).forEach(tomcat::servlet);
		return tomcat;
	}

	@Override
	protected EmbeddedTomcat self() {
		return this;
	}

	/** Add a connector, on the port or on any; the first is there already. */
	EmbeddedTomcat connector(Connector connector, int port) {
		connector.setPort(port);
		connector.setProperty("address", "127.0.0.1");
		connector.setThrowOnFailure(true);
		if (this.tomcat.getService().findConnectors().length == 0) {
			this.tomcat.setConnector(connector);
		}
		else {
			this.tomcat.getService().addConnector(connector);
		}
		return this;
	}

	/** Add a connector that speaks FastCGI. */
	EmbeddedTomcat fcgi(SocketAddress address, FcgiSettings settings) {
		return directive(new Directive("fcgi-" + directives().size(), address, Protocol.FCGI,
				PosixFilePermissions.fromString("rw-rw-rw-"), 4096, 1, null, null, settings));
	}

	/** Where the first connector that speaks FastCGI listens. */
	SocketAddress fcgiAddress() {
		SocketAddress address = directives().get(0).address();
		return (address instanceof UnixDomainSocketAddress) ? address
				: new InetSocketAddress(InetAddress.getLoopbackAddress(), fcgiConnector().getLocalPort());
	}

	Connector fcgiConnector() {
		return this.tomcat.getService().findConnectors()[1];
	}

	/** What Tomcat has for the connections that speak FastCGI. */
	Set<SocketWrapperBase<NioChannel>> fcgiConnections() {
		return ((FcgiProtocol) fcgiConnector().getProtocolHandler()).endpoint().getConnections();
	}

	/** How many connections of the first such connector have ended in a request. */
	long halfRequests() {
		return ((FcgiProtocol) fcgiConnector().getProtocolHandler()).getHalfRequests();
	}

	FcgiSocket connectFcgi() throws IOException {
		return new FcgiSocket(fcgiAddress());
	}

	@Override
	public EmbeddedTomcat port(int port) {
		this.tomcat.getConnector().setPort(port);
		return this;
	}

	EmbeddedTomcat servlet(String path, Servlet servlet) {
		Wrapper wrapper = Tomcat.addServlet(this.context, path, servlet);
		wrapper.setAsyncSupported(true);
		wrapper.setMultipartConfigElement(new MultipartConfigElement(""));
		this.context.addServletMappingDecoded(path, path);
		return this;
	}

	@Override
	public List<String> take() {
		return new TomcatConnectors(listeners(), endpoints(), NativePosix::get).take("server",
				new WebDirectives(opened(), null, directives(),
						(connector, directive) -> ((Connector) connector).setPort(0)),
				this.context);
	}

	@Override
	public EmbeddedTomcat start() throws LifecycleException {
		this.tomcat.start();
		return this;
	}

	Connector connector() {
		return this.tomcat.getConnector();
	}

	@Override
	public int port() {
		return connector().getLocalPort();
	}

	@Override
	public boolean isAcceptor(String thread) {
		return thread.endsWith("-Acceptor");
	}

	@Override
	public void close() {
		try {
			if (this.tomcat.getServer().getState() != LifecycleState.DESTROYED) {
				this.tomcat.stop();
				this.tomcat.destroy();
			}
		}
		catch (LifecycleException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
