package io.gozd.tomcat;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.util.OptionalLong;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;

import io.gozd.drain.Endpoint;
import io.gozd.listener.GatedAcceptor;
import io.gozd.listener.ListenerKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * A connector of Tomcat as an {@link Endpoint}.
 */
final class TomcatEndpoint implements Endpoint {

	private static final Log logger = LogFactory.getLog(TomcatEndpoint.class);

	private static final long QUIET_MILLIS = 100;

	/** From accept(2) on: Tomcat notes no read of a handshake. Longer than most take. */
	private static final long QUIET_IN_HANDSHAKE_MILLIS = 1000;

	private final HandoverNioEndpoint endpoint;

	private final Http2Goodbye http2;

	TomcatEndpoint(HandoverNioEndpoint endpoint) {
		this.endpoint = endpoint;
		this.http2 = new Http2Goodbye(endpoint);
	}

	@Override
	public String name() {
		return this.endpoint.getName();
	}

	@Override
	public @Nullable ListenerKey key() {
		GatedAcceptor acceptor = this.endpoint.acceptor();
		return (acceptor != null) ? acceptor.listener().key() : null;
	}

	@Override
	public void accept() {
		withAcceptor(GatedAcceptor::open);
	}

	@Override
	public void stopAccepting() {
		withAcceptor(GatedAcceptor::shut);
	}

	@Override
	public boolean stopAcceptingIfQueueIsEmpty() throws IOException {
		GatedAcceptor acceptor = this.endpoint.acceptor();
		return acceptor == null || !acceptor.listener().channel().isOpen() || acceptor.shutIfQueueIsEmpty();
	}

	@Override
	public void refuseNewcomers() throws IOException {
		GatedAcceptor acceptor = this.endpoint.acceptor();
		if (acceptor != null) {
			acceptor.listener().refuseNewcomers(this.endpoint.posix());
			// What waits is served, however much is open: nothing more comes.
			this.endpoint.setMaxConnections(-1);
		}
	}

	@Override
	public void closeListener() {
		withAcceptor((acceptor) -> {
			try {
				acceptor.close();
			}
			catch (IOException ex) {
				logger.warn("The listener of " + name() + " did not close well", ex);
			}
		});
	}

	private void withAcceptor(Consumer<GatedAcceptor> action) {
		GatedAcceptor acceptor = this.endpoint.acceptor();
		if (acceptor != null) {
			action.accept(acceptor);
		}
	}

	@Override
	public void draining(boolean draining) {
		this.endpoint.draining(draining);
		if (!draining) {
			this.http2.cancelled();
		}
	}

	@Override
	public void remind() {
		this.http2.say(false);
	}

	@Override
	public void closeIdle() {
		this.http2.say(true);
		for (SocketWrapperBase<NioChannel> connection : this.endpoint.getConnections()) {
			closeIfIdle(connection);
		}
	}

	/**
	 * Tomcat holds the lock of a connection while a thread works on it; between requests
	 * of HTTP/1.1 it has no processor either, unlike one that waits for asynchronous
	 * work.
	 */
	private static void closeIfIdle(SocketWrapperBase<NioChannel> connection) {
		Lock lock = ConnectionLock.of(connection);
		if (lock.tryLock()) {
			try {
				if (isBetweenRequests(connection) && isQuiet((NioEndpoint.NioSocketWrapper) connection)) {
					connection.close();
				}
			}
			finally {
				lock.unlock();
			}
		}
	}

	private static boolean isBetweenRequests(SocketWrapperBase<NioChannel> connection) {
		Object processor = connection.getCurrentProcessor();
		return processor == null || (processor instanceof FcgiProcessor fcgi && fcgi.isIdle());
	}

	/**
	 * Without the interest, a request has come and waits for a thread; what has come in
	 * the last moment the poller may not have seen.
	 */
	private static boolean isQuiet(NioEndpoint.NioSocketWrapper connection) {
		long last = Math.max(connection.getLastRead(), connection.getLastWrite());
		long quiet = connection.getSocket().isHandshakeComplete() ? QUIET_MILLIS : QUIET_IN_HANDSHAKE_MILLIS;
		return connection.interestOpsHas(SelectionKey.OP_READ) && System.currentTimeMillis() - last >= quiet;
	}

	@Override
	public void closeAll() {
		this.endpoint.getConnections().forEach(SocketWrapperBase::close);
	}

	@Override
	public int openConnections() {
		GatedAcceptor acceptor = this.endpoint.acceptor();
		// In this order: a connection moves from the first to the second.
		int undelivered = (acceptor != null) ? acceptor.undelivered() : 0;
		return undelivered + this.endpoint.getConnections().size();
	}

	@Override
	public OptionalLong acceptedConnections() {
		GatedAcceptor acceptor = this.endpoint.acceptor();
		return (acceptor != null) ? OptionalLong.of(acceptor.accepted()) : OptionalLong.empty();
	}

}
