package io.gozd.jetty;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import io.gozd.drain.ListenerSource;
import io.gozd.listener.GatedAcceptor;
import io.gozd.posix.Posix;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's connector on a listener of ours, of TCP or of a Unix socket. Its acceptor
 * threads wait behind the gate, and are never interrupted: the JDK loses a connection
 * whose accept(2) is interrupted.
 */
final class HandoverConnector extends ServerConnector {

	/** What the JDK makes of Jetty's default. */
	private static final int BACKLOG = 50;

	private final JettyEndpoint contract = new JettyEndpoint(this);

	private final ListenerSource source;

	private final boolean tcp;

	private final ReentrantLock turn = new ReentrantLock();

	/** Accepted, and not yet one of Jetty's endpoints. */
	private final Set<SelectableChannel> onTheWay = ConcurrentHashMap.newKeySet();

	private volatile @Nullable GatedAcceptor acceptor;

	private volatile boolean draining;

	private volatile boolean unlimited;

	HandoverConnector(Server server, @Nullable Executor executor, @Nullable Scheduler scheduler,
			@Nullable ByteBufferPool buffers, int acceptors, int selectors, ListenerSource source, boolean tcp) {
		super(server, executor, scheduler, buffers, acceptors, selectors);
		this.source = source;
		this.tcp = tcp;
		getSelectorManager().addEventListener(new SelectorManager.AcceptListener() {

			@Override
			public void onAcceptFailed(SelectableChannel channel, Throwable cause) {
				HandoverConnector.this.onTheWay.remove(channel);
			}

		});
	}

	@Override
	protected void doStart() throws Exception {
		this.draining = false;
		this.unlimited = false;
		try {
			super.doStart();
		}
		catch (Exception | Error ex) {
			close();
			throw ex;
		}
	}

	@Override
	public void open() throws IOException {
		if (this.acceptor == null) {
			super.open();
		}
	}

	@Override
	protected ServerSocketChannel openAcceptChannel() throws IOException {
		InetSocketAddress address = (getHost() != null) ? new InetSocketAddress(getHost(), getPort())
				: new InetSocketAddress(getPort());
		if (address.isUnresolved()) {
			throw new UnknownHostException(getHost());
		}
		int backlog = (getAcceptQueueSize() > 0) ? getAcceptQueueSize() : BACKLOG;
		GatedAcceptor acceptor = this.source.acceptor(address, backlog, this::bind);
		this.acceptor = acceptor;
		return acceptor.listener().channel();
	}

	private ServerSocketChannel bind() throws IOException {
		try {
			return super.openAcceptChannel();
		}
		catch (IOException ex) {
			// As everybody else says it.
			throw (ex.getCause() instanceof BindException cause) ? cause : ex;
		}
	}

	@Override
	public void open(ServerSocketChannel channel) {
		// Jetty would make it blocking: the mode belongs to all generations.
		this.source.endpoints().add(this.contract);
	}

	@Override
	public boolean isOpen() {
		GatedAcceptor acceptor = this.acceptor;
		return acceptor != null && acceptor.listener().channel().isOpen();
	}

	@Override
	public @Nullable Object getTransport() {
		GatedAcceptor acceptor = this.acceptor;
		return (acceptor != null) ? acceptor.listener().channel() : null;
	}

	@Override
	public int getLocalPort() {
		GatedAcceptor acceptor = this.acceptor;
		// An adopted channel does not know: the listener does.
		return (acceptor != null && acceptor.listener().address() instanceof InetSocketAddress address)
				? address.getPort() : super.getLocalPort();
	}

	@Override
	public void accept(int acceptorId) throws IOException {
		GatedAcceptor acceptor = this.acceptor;
		if (acceptor == null) {
			return;
		}
		SocketChannel connection = next(acceptor);
		try {
			this.onTheWay.add(connection);
			connection.configureBlocking(false);
			if (this.tcp) {
				configure(connection.socket());
			}
			getSelectorManager().accept(connection);
		}
		catch (IOException | RuntimeException | Error ex) {
			this.onTheWay.remove(connection);
			connection.close();
			throw ex;
		}
		finally {
			acceptor.delivered();
		}
	}

	private SocketChannel next(GatedAcceptor acceptor) throws IOException {
		this.turn.lock();
		try {
			return acceptor.accept();
		}
		finally {
			this.turn.unlock();
		}
	}

	@Override
	protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key)
			throws IOException {
		if (this.tcp) {
			return super.newEndPoint(channel, selector, key);
		}
		SocketChannelEndPoint endPoint = new UnixEndPoint(channel, selector, key, getScheduler());
		endPoint.setIdleTimeout(getIdleTimeout());
		return endPoint;
	}

	@Override
	protected void onEndPointOpened(EndPoint endPoint) {
		super.onEndPointOpened(endPoint);
		if (endPoint.getTransport() instanceof SelectableChannel channel) {
			this.onTheWay.remove(channel);
		}
	}

	@Override
	public void setAccepting(boolean accepting) {
		super.setAccepting(accepting || this.unlimited);
	}

	/** Serve what waits, however much is open: nothing more comes. */
	void unlimited() {
		this.unlimited = true;
		Limits.lift(getServer());
		setAccepting(true);
	}

	@Override
	protected void interruptAcceptors() {
		// Nor need they be: they leave when the listener is closed. One that waits for a
		// limit looks again.
		super.setAccepting(true);
	}

	@Override
	public void close() {
		super.close();
		GatedAcceptor acceptor = this.acceptor;
		if (acceptor != null) {
			closeListener(acceptor);
			this.source.endpoints().remove(this.contract);
		}
		this.acceptor = null;
	}

	void closeListener(GatedAcceptor acceptor) {
		try {
			acceptor.close();
		}
		catch (IOException ex) {
			LOG.warn("The listener of {} did not close well", this, ex);
		}
	}

	/** How many connections are open, from accept(2) on. */
	int openConnections() {
		GatedAcceptor acceptor = this.acceptor;
		// In this order: a connection moves from one to the next.
		int undelivered = (acceptor != null) ? acceptor.undelivered() : 0;
		return undelivered + this.onTheWay.size() + getConnectedEndPoints().size();
	}

	/** Close those that Jetty has no endpoint for yet. */
	void closeOnTheWay() {
		for (SelectableChannel channel : this.onTheWay) {
			try {
				channel.close();
			}
			catch (IOException ex) {
				LOG.debug("A connection of {} did not close well", this, ex);
			}
		}
	}

	Posix posix() {
		return this.source.posix().get();
	}

	@Nullable GatedAcceptor acceptor() {
		return this.acceptor;
	}

	JettyEndpoint contract() {
		return this.contract;
	}

	boolean isDraining() {
		return this.draining;
	}

	void draining(boolean draining) {
		this.draining = draining;
	}

}
