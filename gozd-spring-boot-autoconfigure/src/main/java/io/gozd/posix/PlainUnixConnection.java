package io.gozd.posix;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import jdk.net.ExtendedSocketOptions;

/**
 * {@link UnixConnection} on a channel of the JDK's, without native code until the peer's
 * pid is asked for: it carries no descriptors, and is for one thread at a time.
 */
public final class PlainUnixConnection implements UnixConnection {

	private static final long WRITE_TIMEOUT_MILLIS = 5000;

	private final SocketChannel channel;

	private final Supplier<Posix> posix;

	private final SelectionKey key;

	private int readTimeout;

	private PlainUnixConnection(SocketChannel channel, SelectionKey key, Supplier<Posix> posix) {
		this.channel = channel;
		this.key = key;
		this.posix = posix;
	}

	/**
	 * Connect to a Unix socket. Does not wait: where too many wait to be accepted, this
	 * fails.
	 * @param path where it listens, at most 107 bytes
	 * @param posix the operating system, asked for only by {@link #peer()}
	 * @return the connection, owned by the caller
	 * @throws java.net.ConnectException if nobody listens there
	 * @throws IOException if it can't be reached by this user, or now
	 */
	public static PlainUnixConnection connect(Path path, Supplier<Posix> posix) throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			channel.configureBlocking(false);
			if (!channel.connect(UnixDomainSocketAddress.of(path))) {
				throw new IOException("Too many wait to be accepted at " + path);
			}
			return new PlainUnixConnection(channel, register(channel), posix);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	private static SelectionKey register(SocketChannel channel) throws IOException {
		Selector selector = Selector.open();
		try {
			return channel.register(selector, 0);
		}
		catch (IOException | RuntimeException ex) {
			selector.close();
			throw ex;
		}
	}

	/**
	 * Say whose process listened there, as the kernel noted it.
	 * @return its user
	 * @throws IOException if the kernel does not tell
	 */
	public UserPrincipal user() throws IOException {
		return this.channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
	}

	@Override
	public PeerCredentials peer() throws IOException {
		return this.posix.get().peer(this.channel);
	}

	@Override
	public void send(ByteBuffer bytes, List<Integer> descriptors) throws IOException {
		if (!descriptors.isEmpty()) {
			throw new IOException("This connection carries no descriptors");
		}
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WRITE_TIMEOUT_MILLIS);
		while (bytes.hasRemaining()) {
			if (this.channel.write(bytes) == 0) {
				await(SelectionKey.OP_WRITE, deadline);
			}
		}
	}

	@Override
	public int receive(ByteBuffer into, List<Integer> descriptors) throws IOException {
		int timeout = this.readTimeout;
		long deadline = System.nanoTime()
				+ ((timeout > 0) ? TimeUnit.MILLISECONDS.toNanos(timeout) : TimeUnit.DAYS.toNanos(1));
		while (true) {
			int count = this.channel.read(into);
			if (count != 0) {
				return count;
			}
			await(SelectionKey.OP_READ, deadline);
		}
	}

	private void await(int operation, long deadline) throws IOException {
		long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
		if (left <= 0) {
			throw new SocketTimeoutException("the peer is silent");
		}
		this.key.interestOps(operation);
		this.key.selector().select(left);
		this.key.selector().selectedKeys().clear();
	}

	@Override
	public void readTimeout(int milliseconds) {
		this.readTimeout = milliseconds;
	}

	@Override
	public void close() {
		try {
			this.channel.close();
			this.key.selector().close();
		}
		catch (IOException ex) {
			// Nothing is left to be said on it.
		}
	}

}
