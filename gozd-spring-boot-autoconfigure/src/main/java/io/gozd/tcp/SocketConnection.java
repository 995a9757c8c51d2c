package io.gozd.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.gozd.posix.PeerCredentials;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a {@link TcpServer}.
 */
final class SocketConnection implements TcpConnection {

	private static final Log logger = LogFactory.getLog(SocketConnection.class);

	private final TcpServer server;

	private final SocketChannel channel;

	private final SocketAddress peerAddress;

	private final SocketAddress localAddress;

	// There can be ten thousands of connections: small, and its own lock.
	private final List<Runnable> whenDraining = new ArrayList<>(0);

	private volatile @Nullable PeerCredentials peer;

	private volatile boolean cut;

	private volatile boolean peerGone;

	SocketConnection(TcpServer server, SocketChannel channel) throws IOException {
		this.server = server;
		this.channel = channel;
		this.peerAddress = channel.getRemoteAddress();
		this.localAddress = server.directive().isTcp() ? channel.getLocalAddress() : server.directive().address();
	}

	@Override
	public String directive() {
		return this.server.directive().id();
	}

	@Override
	public SocketChannel channel() {
		return this.channel;
	}

	@Override
	public InputStream inputStream() {
		return new ChannelInput(this.channel, this::peerGone);
	}

	@Override
	public OutputStream outputStream() {
		return new ChannelOutput(this.channel, this::peerGone);
	}

	@Override
	public SocketAddress peerAddress() {
		return this.peerAddress;
	}

	@Override
	public SocketAddress localAddress() {
		return this.localAddress;
	}

	@Override
	public Optional<PeerCredentials> peerCredentials() throws IOException {
		if (this.server.directive().isTcp()) {
			return Optional.empty();
		}
		PeerCredentials credentials = this.peer;
		if (credentials == null) {
			if (!this.channel.isOpen()) {
				throw new ClosedChannelException();
			}
			credentials = this.server.posix().peer(this.channel);
			this.peer = credentials;
		}
		return Optional.of(credentials);
	}

	@Override
	public boolean isDraining() {
		return this.server.isDraining();
	}

	@Override
	public void onDrain(Runnable callback) {
		synchronized (this.whenDraining) {
			this.whenDraining.add(callback);
		}
		// In this order: the drain may begin meanwhile.
		if (isDraining()) {
			drains();
		}
	}

	private void peerGone() {
		this.peerGone = true;
	}

	/** Have done what waits for a drain. */
	void drains() {
		List<Runnable> callbacks;
		synchronized (this.whenDraining) {
			callbacks = List.copyOf(this.whenDraining);
			this.whenDraining.clear();
		}
		callbacks.forEach((callback) -> this.server.later(() -> call(callback)));
	}

	private void call(Runnable callback) {
		if (!this.channel.isOpen()) {
			return;
		}
		try {
			callback.run();
		}
		catch (RuntimeException | Error ex) {
			failed("What a handler does when a drain begins", ex);
		}
	}

	/** Log what went wrong in code of the application. */
	void failed(String what, Throwable thrown) {
		String text = what + " failed on a connection of gozd.directives." + directive();
		if (!(thrown instanceof Error) && (this.cut || (this.peerGone && PeerFaults.isCauseOf(thrown)))) {
			logger.debug(text, thrown);
		}
		else if (!(thrown instanceof Error) && PeerFaults.isCauseOf(thrown)) {
			// Most likely the peer's fault, but a handler may have other channels.
			logger.info(text + ": " + thrown);
		}
		else {
			logger.error(text, thrown);
		}
	}

	/** Close it, although its handler would go on. */
	void cut() {
		this.cut = true;
		close();
	}

	@Override
	public void close() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			logger.debug("A connection of gozd.directives." + directive() + " did not close well", ex);
		}
	}

}
