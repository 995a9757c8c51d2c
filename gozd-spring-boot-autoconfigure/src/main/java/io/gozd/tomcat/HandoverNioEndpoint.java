package io.gozd.tomcat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import io.gozd.drain.ListenerSource;
import io.gozd.listener.GatedAcceptor;
import io.gozd.posix.Posix;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat's NIO endpoint on a listener of ours. Tomcat's acceptor thread never has a
 * connection in hand while it is told to pause or stop, because it waits behind the gate
 * then; and it is never woken by a connection to the port, which another process might
 * accept.
 */
final class HandoverNioEndpoint extends NioEndpoint {

	/** How long a connection may be on its way from accept(2) to the poller. */
	private static final Duration IN_HAND = Duration.ofSeconds(1);

	private final TomcatEndpoint contract = new TomcatEndpoint(this);

	private volatile CountDownLatch stopping = new CountDownLatch(1);

	private boolean openWhenStarted;

	private @Nullable ListenerSource source;

	private volatile @Nullable GatedAcceptor acceptor;

	private volatile boolean draining;

	void listenersFrom(ListenerSource source) {
		this.source = source;
	}

	@Override
	protected void initServerSocket() throws Exception {
		ListenerSource source = this.source;
		if (source == null) {
			super.initServerSocket();
			return;
		}
		InetSocketAddress address = (getAddress() != null) ? new InetSocketAddress(getAddress(), getPortWithOffset())
				: new InetSocketAddress(getPortWithOffset());
		this.acceptor = source.acceptor(address, getAcceptCount(), () -> open(address));
		source.endpoints().add(this.contract);
	}

	private ServerSocketChannel open(InetSocketAddress address) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			getSocketProperties().setProperties(channel.socket());
			return channel.bind(address, getAcceptCount());
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	@Override
	protected SocketChannel serverSocketAccept() throws Exception {
		GatedAcceptor acceptor = this.acceptor;
		if (this.source == null) {
			return super.serverSocketAccept();
		}
		try {
			if (acceptor != null) {
				return acceptor.accept();
			}
		}
		catch (ClosedChannelException ex) {
			// Closed by the drain: Tomcat's thread has nothing to do until Tomcat stops.
		}
		this.stopping.await();
		while (isRunning()) {
			Thread.sleep(1);
		}
		throw new ClosedChannelException();
	}

	@Override
	protected boolean setSocketOptions(SocketChannel socket) {
		try {
			return super.setSocketOptions(socket);
		}
		finally {
			delivered();
		}
	}

	private void delivered() {
		GatedAcceptor acceptor = this.acceptor;
		if (acceptor != null) {
			acceptor.delivered();
		}
	}

	@Override
	public void pause() {
		// Before Tomcat does: its acceptor destroys what it accepts while paused.
		shut();
		super.pause();
	}

	@Override
	public void resume() {
		super.resume();
		reopen();
	}

	@Override
	public void startInternal() throws Exception {
		this.stopping = new CountDownLatch(1);
		this.draining = false;
		GatedAcceptor acceptor = this.acceptor;
		if (acceptor != null) {
			acceptor.dismiss(false);
			reopen();
		}
		super.startInternal();
	}

	@Override
	public void stopInternal() {
		shut();
		GatedAcceptor acceptor = this.acceptor;
		if (acceptor != null) {
			acceptor.dismiss(true);
		}
		this.stopping.countDown();
		super.stopInternal();
	}

	private void shut() {
		GatedAcceptor acceptor = this.acceptor;
		if (acceptor != null && acceptor.shut()) {
			this.openWhenStarted = true;
			// Else Tomcat's thread would destroy what it has just accepted.
			acceptor.awaitDelivered(IN_HAND);
		}
	}

	/** Open the gate again if it was Tomcat that had it shut. */
	private void reopen() {
		GatedAcceptor acceptor = this.acceptor;
		if (acceptor != null && this.openWhenStarted) {
			this.openWhenStarted = false;
			acceptor.open();
		}
	}

	@Override
	protected void unlockAccept() {
		if (this.source == null) {
			super.unlockAccept();
		}
		// Else nothing to unlock: the gate does not hold a connection.
	}

	@Override
	protected @Nullable NetworkChannel getServerSocket() {
		if (this.source == null) {
			return super.getServerSocket();
		}
		GatedAcceptor acceptor = this.acceptor;
		return (acceptor != null) ? new ListenerView(acceptor.listener()) : null;
	}

	@Override
	protected void doCloseServerSocket() throws IOException {
		GatedAcceptor acceptor = this.acceptor;
		ListenerSource source = this.source;
		if (source == null) {
			super.doCloseServerSocket();
		}
		else if (acceptor != null) {
			doClose(acceptor);
			source.endpoints().remove(this.contract);
			this.acceptor = null;
		}
	}

	private void doClose(GatedAcceptor acceptor) {
		try {
			acceptor.close();
		}
		catch (IOException ex) {
			getLog().warn("The listener of " + getName() + " did not close well", ex);
		}
	}

	Posix posix() throws IOException {
		ListenerSource source = this.source;
		if (source == null) {
			throw new IOException("The listener is Tomcat's own");
		}
		return source.posix().get();
	}

	@Nullable GatedAcceptor acceptor() {
		return this.acceptor;
	}

	/** Whether its listener is one of the process's, and not Tomcat's own. */
	boolean isManaged() {
		return this.source != null;
	}

	boolean isDraining() {
		return this.draining;
	}

	void draining(boolean draining) {
		this.draining = draining;
	}

}
