package io.gozd.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A connection that speaks HTTP/1.1 and never tries anything twice. It knows how far an
 * exchange has come, so that a failure can be told by its place.
 */
final class HttpConnection implements Closeable {

	private final Socket socket;

	private final InputStream in;

	private boolean reused;

	private Stage stage = Stage.CONNECT;

	private HttpConnection(Socket socket) throws IOException {
		this.socket = socket;
		this.in = new BufferedInputStream(socket.getInputStream());
	}

	static HttpConnection open(Endpoint endpoint, Duration timeout) throws IOException {
		return new HttpConnection(endpoint.connect(timeout));
	}

	/**
	 * Sends a request and reads the whole answer.
	 */
	HttpAnswer exchange(HttpRequest request) throws IOException {
		send(request);
		return receive();
	}

	void send(HttpRequest request) throws IOException {
		this.stage = Stage.WRITE;
		write(request.text());
	}

	void write(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
		this.socket.getOutputStream().flush();
	}

	HttpAnswer receive() throws IOException {
		int status = readStatus();
		Map<String, String> headers = readHeaders();
		this.stage = Stage.BODY;
		HttpAnswer answer = new HttpAnswer(status, headers, readBody(headers));
		this.reused = true;
		return answer;
	}

	int readStatus() throws IOException {
		this.stage = Stage.STATUS;
		String[] status = readLine().split(" ");
		if (status.length < 2 || !status[0].startsWith("HTTP/1.")) {
			throw new IOException("bad status line: " + String.join(" ", status));
		}
		return Integer.parseInt(status[1]);
	}

	Map<String, String> readHeaders() throws IOException {
		this.stage = Stage.HEADERS;
		Map<String, String> headers = new HashMap<>();
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			headers.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip(),
					(first, second) -> first + ", " + second);
		}
		return headers;
	}

	private String readBody(Map<String, String> headers) throws IOException {
		if (headers.getOrDefault("transfer-encoding", "").contains("chunked")) {
			StringBuilder body = new StringBuilder();
			for (String chunk = readChunk(); !chunk.isEmpty(); chunk = readChunk()) {
				body.append(chunk);
			}
			return body.toString();
		}
		String length = headers.get("content-length");
		if (length == null && headers.getOrDefault("connection", "").contains("close")) {
			// As Jetty answers who wants the connection closed.
			return new String(this.in.readAllBytes(), StandardCharsets.ISO_8859_1);
		}
		if (length == null) {
			throw new IOException("neither a length nor chunks");
		}
		return readExactly(Integer.parseInt(length));
	}

	/**
	 * Reads a chunk with the line end that follows it. The last one is empty.
	 */
	String readChunk() throws IOException {
		String chunk = readExactly(Integer.parseInt(readLine().split(";")[0].strip(), 16));
		if (!readLine().isEmpty()) {
			throw new IOException("a chunk longer than it said");
		}
		return chunk;
	}

	private String readExactly(int length) throws IOException {
		byte[] bytes = this.in.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException("truncated");
		}
		return new String(bytes, StandardCharsets.ISO_8859_1);
	}

	private String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = this.in.read(); next >= 0; next = this.in.read()) {
			if (next == '\n') {
				return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
			}
			line.write(next);
		}
		throw new EOFException((line.size() > 0) ? "in a line" : "at once");
	}

	/**
	 * Whether nothing more comes: the other side has closed in order.
	 */
	boolean isEnded() throws IOException {
		return this.in.read() < 0;
	}

	boolean isReused() {
		return this.reused;
	}

	Stage stage() {
		return this.stage;
	}

	int localPort() {
		return this.socket.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * How far an exchange has come.
	 */
	enum Stage {

		CONNECT, WRITE, STATUS, HEADERS, BODY

	}

}
