package io.gozd.tcp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Short texts on a connection, as a client sends and expects them.
 */
final class Conversation {

	private Conversation() {
	}

	static void send(SocketChannel channel, String text) throws IOException {
		ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
		while (bytes.hasRemaining()) {
			channel.write(bytes);
		}
	}

	/** As many characters as that, or fewer if the stream ends. */
	static String receive(SocketChannel channel, int length) throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(length);
		while (bytes.hasRemaining() && channel.read(bytes) != -1) {
			continue;
		}
		return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
	}

	/** Whether the stream ends without another byte. */
	static boolean isAtEnd(SocketChannel channel) throws IOException {
		return receive(channel, 1).isEmpty();
	}

	static String echoed(SocketChannel channel, String text) throws IOException {
		send(channel, text);
		return receive(channel, text.length());
	}

	/** Sends back what comes until nothing comes any more. */
	static void echo(TcpConnection connection) throws IOException {
		connection.inputStream().transferTo(connection.outputStream());
	}

}
