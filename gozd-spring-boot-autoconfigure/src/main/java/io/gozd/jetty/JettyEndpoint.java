package io.gozd.jetty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

import io.gozd.drain.Endpoint;
import io.gozd.listener.GatedAcceptor;
import io.gozd.listener.ListenerKey;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connector of Jetty as an {@link Endpoint}.
 */
final class JettyEndpoint implements Endpoint {

	private final HandoverConnector connector;

	private final @Nullable Http2Goodbye http2 = Present.HTTP2 ? new Http2Goodbye() : null;

	JettyEndpoint(HandoverConnector connector) {
		this.connector = connector;
	}

	@Override
	public String name() {
		String protocol = (this.connector.getConnectionFactory(SslConnectionFactory.class) != null) ? "https" : "http";
		return protocol + "-jetty-" + place();
	}

	private String place() {
		GatedAcceptor acceptor = this.connector.acceptor();
		if (acceptor == null) {
			return String.valueOf(this.connector.getPort());
		}
		return (acceptor.listener().address() instanceof InetSocketAddress address)
				? address.getHostString() + "-" + address.getPort() : acceptor.listener().address().toString();
	}

	@Override
	public @Nullable ListenerKey key() {
		GatedAcceptor acceptor = this.connector.acceptor();
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
		GatedAcceptor acceptor = this.connector.acceptor();
		return acceptor == null || !acceptor.listener().channel().isOpen() || acceptor.shutIfQueueIsEmpty();
	}

	@Override
	public void refuseNewcomers() throws IOException {
		GatedAcceptor acceptor = this.connector.acceptor();
		if (acceptor != null) {
			acceptor.listener().refuseNewcomers(this.connector.posix());
			this.connector.unlimited();
		}
	}

	@Override
	public void closeListener() {
		withAcceptor(this.connector::closeListener);
	}

	private void withAcceptor(Consumer<GatedAcceptor> action) {
		GatedAcceptor acceptor = this.connector.acceptor();
		if (acceptor != null) {
			action.accept(acceptor);
		}
	}

	@Override
	public void draining(boolean draining) {
		this.connector.draining(draining);
		if (!draining && this.http2 != null) {
			// Not by who asks: a farewell that is under way may block.
			this.connector.getExecutor().execute(() -> this.http2.cancelled(this.connector.getIdleTimeout()));
		}
	}

	@Override
	public void remind() {
		goodbye(false);
		closeOver();
	}

	private void closeOver() {
		// Jetty leaves it to the peer to close.
		carried().stream().filter(Carried::isOver).forEach((carried) -> carried.endPoint().close());
	}

	@Override
	public void closeIdle() {
		goodbye(true);
		closeOver();
		carried().stream().filter(Carried::isIdle).forEach(Carried::close);
	}

	private void goodbye(boolean hurry) {
		if (this.http2 != null) {
			this.http2.say(carried(), hurry, () -> hurry || this.connector.isDraining());
		}
	}

	List<Carried> carried() {
		return this.connector.getConnectedEndPoints().stream().map(Carried::by).toList();
	}

	@Override
	public void closeAll() {
		this.connector.closeOnTheWay();
		this.connector.getConnectedEndPoints().forEach(EndPoint::close);
	}

	@Override
	public int openConnections() {
		return this.connector.openConnections();
	}

	@Override
	public OptionalLong acceptedConnections() {
		GatedAcceptor acceptor = this.connector.acceptor();
		return (acceptor != null) ? OptionalLong.of(acceptor.accepted()) : OptionalLong.empty();
	}

}
