package io.gozd.undertow;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A connection of HTTP/2 without TLS that shows each frame (RFC 9113, 4.1).
 */
final class Http2Frames implements Closeable {

	static final int DATA = 0;

	static final int HEADERS = 1;

	static final int SETTINGS = 4;

	static final int GOAWAY = 7;

	static final int END = -1;

	private static final int PING = 6;

	private static final int WINDOW_UPDATE = 8;

	private static final int INITIAL_WINDOW = 4;

	private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

	/** GET, http, "/" of the static table; a literal authority. */
	private static final String REQUEST = "\u0082\u0086\u0084\u0001\tlocalhost";

	private static final int END_STREAM_AND_HEADERS = 5;

	private final Socket socket;

	private final DataInputStream input;

	Http2Frames(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setSoTimeout(10_000);
		this.input = new DataInputStream(this.socket.getInputStream());
	}

	/** Begin, as one who knows that HTTP/2 is spoken. */
	Http2Frames preface() throws IOException {
		write(PREFACE.getBytes(StandardCharsets.US_ASCII));
		frame(SETTINGS, 0, 0, new byte[0]);
		return this;
	}

	/** Begin with HTTP/1.1, and go on with HTTP/2. */
	Http2Frames upgrade() throws IOException {
		write(("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
				+ "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		StringBuilder head = new StringBuilder();
		while (!head.toString().endsWith("\r\n\r\n")) {
			head.append((char) this.input.readUnsignedByte());
		}
		if (!head.toString().startsWith("HTTP/1.1 101")) {
			throw new IOException("No upgrade: " + head);
		}
		return preface();
	}

	void get(int stream) throws IOException {
		get(stream, "");
	}

	/** Ask for a path of the application instead of the root. */
	void get(int stream, String path) throws IOException {
		String request = path.isEmpty() ? REQUEST
				: "\u0082\u0086\u0004" + (char) path.length() + path + "\u0001\tlocalhost";
		frame(HEADERS, END_STREAM_AND_HEADERS, stream, request.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** Say something that the server has to read. */
	void ping() throws IOException {
		frame(PING, 0, 0, new byte[Long.BYTES]);
	}

	/** Let the server send so much more, on the connection and on each stream. */
	void window(int bytes) throws IOException {
		frame(SETTINGS, 0, 0, ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW).putInt(bytes).array());
		frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(Integer.BYTES).putInt(bytes).array());
	}

	private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
		write(ByteBuffer.allocate(9 + payload.length)
			.put((byte) 0)
			.putShort((short) payload.length)
			.put((byte) type)
			.put((byte) flags)
			.putInt(stream)
			.put(payload)
			.array());
	}

	private void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	/** The next frame; one of type END where the connection has ended. */
	Frame read() throws IOException {
		try {
			int length = this.input.readUnsignedByte() << 16 | this.input.readUnsignedShort();
			int type = this.input.readUnsignedByte();
			int flags = this.input.readUnsignedByte();
			int stream = this.input.readInt();
			return new Frame(type, flags, stream, this.input.readNBytes(length));
		}
		catch (EOFException ex) {
			return new Frame(END, 0, 0, new byte[0]);
		}
	}

	/** The next frame of a type. */
	Frame read(int type) throws IOException {
		Frame frame = read();
		while (frame.type() != type) {
			if (frame.type() == END) {
				throw new IOException("The connection ended");
			}
			frame = read();
		}
		return frame;
	}

	/** Whether nothing comes for a moment. */
	boolean isQuiet() throws IOException {
		this.socket.setSoTimeout(300);
		try {
			throw new IOException("There came " + read());
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		finally {
			this.socket.setSoTimeout(10_000);
		}
	}

	/** Read until a stream ends. */
	void awaitEnd(int stream) throws IOException {
		Frame frame = read();
		while (frame.stream() != stream || frame.type() > HEADERS || (frame.flags() & 1) == 0) {
			if (frame.type() == END || frame.type() == GOAWAY) {
				throw new IOException("Instead of the end of the stream there came " + frame);
			}
			frame = read();
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	record Frame(int type, int flags, int stream, byte[] payload) {

		/** The last stream of a GOAWAY. */
		int lastStream() {
			return ByteBuffer.wrap(this.payload).getInt();
		}

		int error() {
			return ByteBuffer.wrap(this.payload).getInt(Integer.BYTES);
		}

	}

}
