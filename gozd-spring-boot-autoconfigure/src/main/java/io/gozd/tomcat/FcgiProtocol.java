package io.gozd.tomcat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.gozd.fcgi.Limits;
import io.gozd.fcgi.RecordHeader;
import io.gozd.listener.FcgiSettings;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.Processor;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.UpgradeToken;
import org.apache.juli.logging.Log;
import org.apache.juli.logging.LogFactory;
import org.apache.tomcat.util.net.AbstractEndpoint;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.apache.tomcat.util.threads.ThreadPoolExecutor;

/**
 * FastCGI on a listener that can be handed to a successor: the application answers web
 * servers as it answers clients of HTTP. The starter gives it to the connectors of
 * directives that speak FastCGI.
 */
public final class FcgiProtocol extends AbstractProtocol<NioChannel> {

	private static final Log log = LogFactory.getLog(FcgiProtocol.class);

	/** A whole record of so much fits the buffer of a socket. */
	private static final int BUFFER = 16384;

	private final AtomicBoolean warned = new AtomicBoolean();

	private final AtomicLong halfRequests = new AtomicLong();

	private FcgiSettings settings = FcgiSettings.DEFAULTS;

	/**
	 * Create a protocol with the settings that count where nothing is said.
	 */
	public FcgiProtocol() {
		super(new HandoverNioEndpoint());
		endpoint().setUseSendfile(false);
		endpoint().getSocketProperties().setAppWriteBufSize(BUFFER);
	}

	/** Take settings, before it starts. */
	void configure(FcgiSettings settings) {
		this.settings = settings;
		setConnectionTimeout((int) settings.paramsTimeout().toMillis());
		setKeepAliveTimeout((int) settings.idleTimeout().toMillis());
	}

	HandoverNioEndpoint endpoint() {
		// Through the raw type: the declared one has another socket type.
		AbstractEndpoint<?, ?> endpoint = getEndpoint();
		return (HandoverNioEndpoint) endpoint;
	}

	FcgiSettings settings() {
		return this.settings;
	}

	Limits limits() {
		int connections = getMaxConnections();
		return new Limits(this.settings.maxParamsSize(), this.settings.maxParams(), this.settings.maxSwallowSize(),
				(connections > 0) ? connections : Integer.MAX_VALUE);
	}

	/** Whether connections wait for a thread. */
	boolean isBusy() {
		Executor executor = getEndpoint().getExecutor();
		if (executor instanceof ThreadPoolExecutor pool) {
			return !pool.getQueue().isEmpty();
		}
		return executor instanceof java.util.concurrent.ThreadPoolExecutor pool && !pool.getQueue().isEmpty();
	}

	/** Say once what needs to be said once. */
	void warnOnce(String message) {
		if (this.warned.compareAndSet(false, true)) {
			log.warn(message + " (this is said once)");
		}
	}

	/** Count a request of which only a part has come, and return how many there were. */
	long countHalfRequest() {
		return this.halfRequests.incrementAndGet();
	}

	/**
	 * Return how many connections have ended in the middle of a request, before it could
	 * be served. Tomcat has it in JMX, with {@code server.tomcat.mbeanregistry.enabled}.
	 * @return the number since the start
	 */
	public long getHalfRequests() {
		return this.halfRequests.get();
	}

	/** Whether a web server may use it: one on a Unix socket could connect. */
	boolean permits(SocketWrapperBase<?> connection) {
		if (this.settings.webServers().isEmpty() || endpoint().getUnixDomainSocketPath() != null) {
			return true;
		}
		try {
			String address = connection.getRemoteAddr();
			return address != null && this.settings.webServers().contains(InetAddress.getByName(address));
		}
		catch (UnknownHostException ex) {
			return false;
		}
	}

	@Override
	public int getDesiredBufferSize() {
		return BUFFER - RecordHeader.SIZE;
	}

	@Override
	protected Processor createProcessor() {
		return new FcgiProcessor(this, getAdapter());
	}

	@Override
	protected Log getLog() {
		return log;
	}

	@Override
	protected String getNamePrefix() {
		return "fcgi-nio";
	}

	@Override
	protected String getProtocolName() {
		return "Fcgi";
	}

	@Override
	protected UpgradeProtocol getNegotiatedProtocol(String name) {
		return null;
	}

	@Override
	protected UpgradeProtocol getUpgradeProtocol(String name) {
		return null;
	}

	@Override
	protected Processor createUpgradeProcessor(SocketWrapperBase<?> socket, UpgradeToken upgradeToken) {
		throw new IllegalStateException("A request that came by FastCGI can't become another protocol");
	}

	@Override
	public void addUpgradeProtocol(UpgradeProtocol upgradeProtocol) {
		// server.http2.enabled counts for HTTP.
	}

	@Override
	public UpgradeProtocol[] findUpgradeProtocols() {
		return new UpgradeProtocol[0];
	}

	@Override
	public void addSslHostConfig(SSLHostConfig sslHostConfig) {
		addSslHostConfig(sslHostConfig, false);
	}

	@Override
	public void addSslHostConfig(SSLHostConfig sslHostConfig, boolean replace) {
		throw new IllegalArgumentException("FastCGI has no TLS");
	}

	@Override
	public SSLHostConfig[] findSslHostConfigs() {
		return new SSLHostConfig[0];
	}

}
