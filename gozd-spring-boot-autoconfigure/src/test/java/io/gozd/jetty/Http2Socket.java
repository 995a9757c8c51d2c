package io.gozd.jetty;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A client of HTTP/2 in cleartext that shows each frame.
 */
final class Http2Socket implements Closeable {

	static final int DATA = 0;

	static final int HEADERS = 1;

	static final int SETTINGS = 4;

	static final int PING = 6;

	static final int GOAWAY = 7;

	private static final int WINDOW_UPDATE = 8;

	private static final short INITIAL_WINDOW = 4;

	private static final int ACK = 1;

	static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private static final int DEADLINE_MILLIS = 10_000;

	private final Socket socket = new Socket();

	private final DataInputStream input;

	Http2Socket(int port) throws IOException {
		this(port, 0);
	}

	private Http2Socket(int port, int buffer) throws IOException {
		if (buffer > 0) {
			this.socket.setReceiveBufferSize(buffer);
		}
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
		this.socket.setSoTimeout(DEADLINE_MILLIS);
		this.input = new DataInputStream(this.socket.getInputStream());
	}

	/** Open a connection whose SETTINGS have been exchanged. */
	static Http2Socket open(int port) throws IOException {
		Http2Socket socket = new Http2Socket(port);
		socket.preface();
		Frame frame = socket.read();
		if (frame.type() != SETTINGS) {
			throw new IOException("The server began with " + frame);
		}
		socket.frame(SETTINGS, ACK, 0, new byte[0]);
		socket.ping();
		return socket;
	}

	/** Open a connection whose windows are large, and whose buffer is small. */
	static Http2Socket slow(int port) throws IOException {
		Http2Socket socket = new Http2Socket(port, 4096);
		socket.preface();
		byte[] large = ByteBuffer.allocate(Integer.BYTES).putInt(1 << 30).array();
		socket.frame(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort(INITIAL_WINDOW).put(large).array());
		socket.frame(WINDOW_UPDATE, 0, 0, large);
		socket.ping();
		return socket;
	}

	void preface() throws IOException {
		this.socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		frame(SETTINGS, 0, 0, new byte[0]);
	}

	/** A round trip: what the server does next knows what it was told before. */
	void ping() throws IOException {
		frame(PING, 0, 0, new byte[8]);
		next(PING);
	}

	void get(int stream, String path) throws IOException {
		headers(stream, END_STREAM, ":method", "GET", ":scheme", "http", ":path", path, ":authority", "localhost");
	}

	/** A handshake of a WebSocket (RFC 8441). */
	void connect(int stream, String path) throws IOException {
		headers(stream, 0, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", path,
				":authority", "localhost", "sec-websocket-version", "13");
	}

	private void headers(int stream, int flags, String... headers) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < headers.length; i += 2) {
			// A literal that is not indexed, with a new name (RFC 7541, 6.2.2).
			block.write(0);
			text(block, headers[i]);
			text(block, headers[i + 1]);
		}
		frame(HEADERS, flags | END_HEADERS, stream, block.toByteArray());
	}

	private static void text(ByteArrayOutputStream block, String text) {
		block.write(text.length());
		block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

	void frame(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
		frame.putInt((payload.length << 8) | type).put((byte) flags).putInt(stream).put(payload);
		this.socket.getOutputStream().write(frame.array());
	}

	/** The next frame of a type, whatever comes before. */
	Frame next(int type) throws IOException {
		Frame frame = read();
		while (frame.type() != type) {
			if (frame.type() == GOAWAY) {
				throw new IOException("The server said " + frame);
			}
			frame = read();
		}
		return frame;
	}

	Frame read() throws IOException {
		int head = this.input.readInt();
		int flags = this.input.readUnsignedByte();
		int stream = this.input.readInt();
		return new Frame(head & 0xff, flags, stream, this.input.readNBytes(head >>> 8));
	}

	/** What the answer on a stream says. */
	String body(int stream) throws IOException {
		StringBuilder body = new StringBuilder();
		Frame frame;
		do {
			frame = next(DATA);
			if (frame.stream() == stream) {
				body.append(new String(frame.payload(), StandardCharsets.US_ASCII));
			}
		}
		while (frame.stream() != stream || (frame.flags() & END_STREAM) == 0);
		return body.toString();
	}

	/** Wait for the server to close the connection, without another word. */
	boolean isClosedByServer() throws IOException {
		return this.input.read() == -1;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * A frame.
	 *
	 * @param type its type
	 * @param flags its flags
	 * @param stream its stream, 0 for the connection
	 * @param payload what it carries
	 */
	record Frame(int type, int flags, int stream, byte[] payload) {

		/** The stream that a GOAWAY names. */
		int lastStream() {
			return ByteBuffer.wrap(this.payload).getInt();
		}

	}

}
