package io.gozd.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/**
 * A connection of a web server to an application that speaks FastCGI, which never
 * retries.
 */
final class FcgiConnection implements Closeable {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final int BEGIN = 1;

	private static final int END = 3;

	private static final int PARAMS = 4;

	private static final int STDIN = 5;

	private static final int STDOUT = 6;

	private static final int STDERR = 7;

	private final Socket socket;

	private final BufferedInputStream buffer;

	private final DataInputStream input;

	private boolean dismissed;

	private FcgiConnection(Socket socket) throws IOException {
		this.socket = socket;
		this.buffer = new BufferedInputStream(socket.getInputStream(), 65536);
		this.input = new DataInputStream(this.buffer);
	}

	static FcgiConnection open(Endpoint endpoint) throws IOException {
		return new FcgiConnection(endpoint.connect(LIMIT));
	}

	/** Who answers, on a connection of its own. */
	static HttpAnswer ask(Endpoint endpoint) throws IOException {
		try (FcgiConnection connection = open(endpoint)) {
			String answer = connection.exchange("GET", "/", "", false);
			return new HttpAnswer(200, Map.of(), answer);
		}
	}

	/**
	 * Send a request, and read the body of the response, which is 200.
	 */
	String exchange(String method, String path, String body, boolean keep) throws IOException {
		send(method, path, body.getBytes(StandardCharsets.UTF_8), keep);
		ByteArrayOutputStream response = new ByteArrayOutputStream();
		while (true) {
			byte[] header = this.input.readNBytes(8);
			if (header.length < 8) {
				throw new EOFException(
						"closed after " + header.length + " bytes of a record, of a response " + response.size());
			}
			int length = (header[4] & 0xff) << 8 | (header[5] & 0xff);
			byte[] content = new byte[length];
			this.input.readFully(content);
			this.input.readFully(new byte[header[6] & 0xff]);
			if (header[1] == STDOUT) {
				response.writeBytes(content);
			}
			else if (header[1] == END && content[4] == 0) {
				// What nginx looks for: anything behind the end that is here already.
				this.dismissed = this.buffer.available() > 0;
				return bodyOf(response.toString(StandardCharsets.UTF_8));
			}
			else if (header[1] != STDERR || length > 0) {
				throw new IOException("a record of the type " + header[1]);
			}
		}
	}

	private static String bodyOf(String response) throws IOException {
		int end = response.indexOf("\r\n\r\n");
		if (end == -1 || !response.substring(0, end).endsWith("Status: 200 OK")) {
			throw new IOException("not 200: " + response);
		}
		return response.substring(end + 4);
	}

	private void send(String method, String path, byte[] body, boolean keep) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream output = new DataOutputStream(bytes);
		record(output, BEGIN, new byte[] { 0, 1, (byte) (keep ? 1 : 0), 0, 0, 0, 0, 0 });
		ByteArrayOutputStream params = new ByteArrayOutputStream();
		pair(params, "REQUEST_METHOD", method);
		pair(params, "REQUEST_URI", path);
		pair(params, "SERVER_PROTOCOL", "HTTP/1.1");
		pair(params, "CONTENT_LENGTH", (body.length > 0) ? Integer.toString(body.length) : "");
		pair(params, "CONTENT_TYPE", (body.length > 0) ? "text/plain" : "");
		pair(params, "REMOTE_ADDR", "127.0.0.1");
		pair(params, "HTTP_HOST", "localhost");
		record(output, PARAMS, params.toByteArray());
		record(output, PARAMS, new byte[0]);
		if (body.length > 0) {
			record(output, STDIN, body);
		}
		record(output, STDIN, new byte[0]);
		this.socket.getOutputStream().write(bytes.toByteArray());
		this.socket.getOutputStream().flush();
	}

	private static void record(DataOutputStream output, int type, byte[] content) throws IOException {
		output.write(1);
		output.write(type);
		output.writeShort(1);
		output.writeShort(content.length);
		output.writeShort(0);
		output.write(content);
	}

	private static void pair(ByteArrayOutputStream params, String name, String value) {
		params.write(name.length());
		params.write(value.length());
		params.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
		params.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
	}

	/** Whether nginx would close it now. */
	boolean isDismissed() {
		return this.dismissed;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
