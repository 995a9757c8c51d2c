package io.gozd.jetty;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import io.gozd.tomcat.HttpAnswer;
import io.gozd.tomcat.HttpSocket;

/**
 * Frames of WebSockets (RFC 6455, 5.2), short ones.
 */
final class WebSockets {

	private static final int TEXT = 0x81;

	private static final int CLOSE = 0x88;

	private static final int MASKED = 0x80;

	private WebSockets() {
	}

	static HttpAnswer handshake(HttpSocket client, String path) throws IOException {
		client.send(path, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");
		return client.answer();
	}

	static String echo(HttpSocket client, String text) throws IOException {
		send(client, text);
		return new String(payload(client, TEXT), StandardCharsets.US_ASCII);
	}

	static void send(HttpSocket client, String text) throws IOException {
		client.write(new String(text(text), StandardCharsets.ISO_8859_1));
	}

	/** The status of the close frame that the server sends next. */
	static int readClose(HttpSocket client) throws IOException {
		return status(payload(client, CLOSE));
	}

	static void answerClose(HttpSocket client, int status) throws IOException {
		client.write(new String(close(status), StandardCharsets.ISO_8859_1));
	}

	static int status(byte[] payload) {
		return ByteBuffer.wrap(payload).getShort();
	}

	private static byte[] payload(HttpSocket client, int expected) throws IOException {
		byte[] head = client.read(2);
		if ((head[0] & 0xff) != expected) {
			throw new IOException("The server sent a frame of type " + (head[0] & 0xff));
		}
		return client.read(head[1]);
	}

	static byte[] text(String text) {
		return frame(TEXT, text.getBytes(StandardCharsets.US_ASCII));
	}

	static byte[] close(int status) {
		return frame(CLOSE, ByteBuffer.allocate(2).putShort((short) status).array());
	}

	private static byte[] frame(int type, byte[] payload) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(type);
		frame.write(MASKED | payload.length);
		// A mask of zeros leaves the bytes as they are.
		frame.writeBytes(new byte[4]);
		frame.writeBytes(payload);
		return frame.toByteArray();
	}

}
