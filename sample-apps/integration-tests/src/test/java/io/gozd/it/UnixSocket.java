package io.gozd.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A connection to a Unix socket, for clients that know {@link Socket} only.
 */
final class UnixSocket extends Socket {

	private final SocketChannel channel;

	private final Selector selector;

	private final Duration timeout;

	private UnixSocket(SocketChannel channel, Duration timeout) throws IOException {
		this.channel = channel;
		this.timeout = timeout;
		channel.configureBlocking(false);
		this.selector = Selector.open();
		channel.register(this.selector, SelectionKey.OP_READ);
	}

	static UnixSocket connect(Path path, Duration timeout) throws IOException {
		SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
		try {
			return new UnixSocket(channel, timeout);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	@Override
	public InputStream getInputStream() {
		return new InputStream() {

			@Override
			public int read() throws IOException {
				byte[] one = new byte[1];
				return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xff;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				return receive(ByteBuffer.wrap(bytes, offset, length));
			}

		};
	}

	private int receive(ByteBuffer target) throws IOException {
		int count = this.channel.read(target);
		while (count == 0 && target.hasRemaining()) {
			this.selector.selectedKeys().clear();
			if (this.selector.select(this.timeout.toMillis()) == 0) {
				throw new SocketTimeoutException("Read timed out");
			}
			count = this.channel.read(target);
		}
		return count;
	}

	@Override
	public OutputStream getOutputStream() {
		return new OutputStream() {

			@Override
			public void write(int value) throws IOException {
				write(new byte[] { (byte) value }, 0, 1);
			}

			@Override
			public void write(byte[] bytes, int offset, int length) throws IOException {
				ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
				while (source.hasRemaining()) {
					if (UnixSocket.this.channel.write(source) == 0) {
						Thread.onSpinWait();
					}
				}
			}

		};
	}

	@Override
	public boolean isConnected() {
		return this.channel.isConnected();
	}

	@Override
	public boolean isClosed() {
		return !this.channel.isOpen();
	}

	@Override
	public int getLocalPort() {
		return -1;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
		// The JDK closes the descriptor when the selector lets go.
		this.selector.close();
	}

}
