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
import java.util.Map;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A client of HTTP/2 in cleartext that shows each frame.
 */
public final class Http2Socket implements Closeable {

	public static final int DATA = 0;

	public static final int HEADERS = 1;

	public static final int SETTINGS = 4;

	public static final int PING = 6;

	public static final int GOAWAY = 7;

	private static final int WINDOW_UPDATE = 8;

	private static final short INITIAL_WINDOW = 4;

	private static final int ACK = 1;

	public static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	/** Of the static table: Tomcat takes the names of requests from there alone. */
	private static final Map<String, Integer> NAMES = Map.of(":authority", 1, ":method", 2, ":path", 4, ":scheme", 6);

	private static final int SMALL = 4096;

	private static final int DEADLINE_MILLIS = 10_000;

	private final Socket socket;

	private final DataInputStream input;

	Http2Socket(int port) throws IOException {
		this(port, 0);
	}

	private Http2Socket(int port, int buffer) throws IOException {
		this(connect(port, buffer));
	}

	private Http2Socket(Socket socket) throws IOException {
		this.socket = socket;
		this.input = new DataInputStream(socket.getInputStream());
	}

	private static Socket connect(int port, int buffer) throws IOException {
		Socket socket = new Socket();
		if (buffer > 0) {
			socket.setReceiveBufferSize(buffer);
		}
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
		socket.setSoTimeout(DEADLINE_MILLIS);
		return socket;
	}

	/** Open a connection whose SETTINGS have been exchanged. */
	public static Http2Socket open(int port) throws IOException {
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
	public static Http2Socket slow(int port) throws IOException {
		return slow(new Http2Socket(port, SMALL));
	}

	/** Open such a connection through TLS. */
	public static Http2Socket slow(int port, SSLContext tls) throws IOException {
		SSLSocket socket = (SSLSocket) tls.getSocketFactory()
			.createSocket(connect(port, SMALL), "localhost", port, true);
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setApplicationProtocols(new String[] { "h2" });
		socket.setSSLParameters(parameters);
		return slow(new Http2Socket(socket));
	}

	private static Http2Socket slow(Http2Socket socket) throws IOException {
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
	public void ping() throws IOException {
		frame(PING, 0, 0, new byte[8]);
		next(PING);
	}

	public void get(int stream, String path) throws IOException {
		String scheme = (this.socket instanceof SSLSocket) ? "https" : "http";
		headers(stream, END_STREAM, ":method", "GET", ":scheme", scheme, ":path", path, ":authority", "localhost");
	}

	/** A handshake of a WebSocket (RFC 8441). */
	void connect(int stream, String path) throws IOException {
		headers(stream, 0, ":method", "CONNECT", ":protocol", "websocket", ":scheme", "http", ":path", path,
				":authority", "localhost", "sec-websocket-version", "13");
	}

	private void headers(int stream, int flags, String... headers) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (int i = 0; i < headers.length; i += 2) {
			// A literal that is not indexed (RFC 7541, 6.2.2).
			int name = NAMES.getOrDefault(headers[i], 0);
			block.write(name);
			if (name == 0) {
				text(block, headers[i]);
			}
			text(block, headers[i + 1]);
		}
		frame(HEADERS, flags | END_HEADERS, stream, block.toByteArray());
	}

	private static void text(ByteArrayOutputStream block, String text) {
		block.write(text.length());
		block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

	public void frame(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
		frame.putInt((payload.length << 8) | type).put((byte) flags).putInt(stream).put(payload);
		this.socket.getOutputStream().write(frame.array());
	}

	/** The next frame of a type, whatever comes before. */
	public Frame next(int type) throws IOException {
		Frame frame = read();
		while (frame.type() != type) {
			if (frame.type() == GOAWAY) {
				throw new IOException("The server said " + frame);
			}
			frame = read();
		}
		return frame;
	}

	public Frame read() throws IOException {
		int head = this.input.readInt();
		int flags = this.input.readUnsignedByte();
		int stream = this.input.readInt();
		return new Frame(head & 0xff, flags, stream, this.input.readNBytes(head >>> 8));
	}

	/** What the answer on a stream says. */
	public String body(int stream) throws IOException {
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
	public boolean isClosedByServer() throws IOException {
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
	public record Frame(int type, int flags, int stream, byte[] payload) {

		/** The stream that a GOAWAY names. */
		public int lastStream() {
			return ByteBuffer.wrap(this.payload).getInt();
		}

	}

}
