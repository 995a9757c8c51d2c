package io.gozd.tomcat;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * One connection of a client that shows what is really on the wire, and never retries.
 */
public final class HttpSocket implements Closeable {

	private static final int DEADLINE_MILLIS = 10_000;

	private static final int QUIET_MILLIS = 200;

	private final Socket socket = new Socket();

	private final InputStream input;

	public HttpSocket(int port) throws IOException {
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), DEADLINE_MILLIS);
		this.socket.setSoTimeout(DEADLINE_MILLIS);
		this.input = this.socket.getInputStream();
	}

	/** Ask for a path and read the answer. */
	public HttpAnswer get(String path) throws IOException {
		send(path);
		return answer();
	}

	public void send(String path, String... headers) throws IOException {
		StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		write(request.append("\r\n").toString());
	}

	public void write(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	public HttpAnswer answer() throws IOException {
		HttpAnswer head = new HttpAnswer(until("\r\n\r\n"), "");
		if (head.headers("Transfer-Encoding").contains("chunked")) {
			return new HttpAnswer(head.head(), until("0\r\n\r\n"));
		}
		int length = head.headers("Content-Length").stream().mapToInt(Integer::parseInt).findFirst().orElse(0);
		return new HttpAnswer(head.head(), new String(this.input.readNBytes(length), StandardCharsets.US_ASCII));
	}

	public String until(String end) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		String text = "";
		while (!text.endsWith(end)) {
			int next = this.input.read();
			if (next == -1) {
				throw new IOException("The connection ended after '" + text + "'");
			}
			bytes.write(next);
			text = bytes.toString(StandardCharsets.US_ASCII);
		}
		return text;
	}

	public byte[] read(int length) throws IOException {
		return this.input.readNBytes(length);
	}

	/** Whether nothing is said for a moment. */
	public boolean isQuiet() throws IOException {
		this.socket.setSoTimeout(QUIET_MILLIS);
		try {
			int next = this.input.read();
			throw new IOException((next == -1) ? "The connection ended" : "The server said '" + (char) next + "'");
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		finally {
			this.socket.setSoTimeout(DEADLINE_MILLIS);
		}
	}

	/** Wait for the server to close the connection, without another word. */
	public boolean isClosedByServer() throws IOException {
		return this.input.read() == -1;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
