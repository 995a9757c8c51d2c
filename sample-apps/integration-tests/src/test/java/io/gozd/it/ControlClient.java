package io.gozd.it;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Somebody at the control socket.
 */
final class ControlClient implements AutoCloseable {

	private final SocketChannel channel;

	private ControlClient(SocketChannel channel) {
		this.channel = channel;
	}

	static ControlClient connect(Path socket) throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			channel.connect(UnixDomainSocketAddress.of(socket));
			return new ControlClient(channel);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Sends what it can: the other side may close before it has read all.
	 */
	void send(byte[] bytes) {
		try {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			while (buffer.hasRemaining()) {
				this.channel.write(buffer);
			}
		}
		catch (IOException ex) {
			// Closed, which is an answer.
		}
	}

	void sendLength(int length) {
		send(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
	}

	void sendFrame(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		sendLength(bytes.length);
		send(bytes);
	}

	/**
	 * Reads until the other side closes.
	 * @return what came before
	 */
	String readToEnd(Duration limit) throws IOException {
		StringBuilder received = new StringBuilder();
		Deadline deadline = Deadline.in(limit);
		this.channel.configureBlocking(false);
		try (Selector selector = Selector.open()) {
			this.channel.register(selector, SelectionKey.OP_READ);
			ByteBuffer buffer = ByteBuffer.allocate(4096);
			while (!deadline.isOver()) {
				selector.select(Math.max(1, deadline.left().toMillis()));
				int length = this.channel.read(buffer.clear());
				if (length < 0) {
					return received.toString();
				}
				received.append(StandardCharsets.UTF_8.decode(buffer.flip()));
			}
		}
		catch (IOException ex) {
			return received.toString();
		}
		throw new AssertionError("The control socket keeps the connection after: " + received);
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
