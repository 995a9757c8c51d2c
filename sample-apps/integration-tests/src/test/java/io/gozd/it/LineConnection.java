package io.gozd.it;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A connection of raw TCP, to a port or a Unix socket, whose two sides write lines.
 */
final class LineConnection implements Closeable {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final Socket socket;

	private final BufferedReader reader;

	private LineConnection(Socket socket) throws IOException {
		this.socket = socket;
		this.reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
	}

	static LineConnection open(Endpoint endpoint) throws IOException {
		return new LineConnection(endpoint.connect(LIMIT));
	}

	/**
	 * Who answers a line, on a connection of its own.
	 */
	static LineAnswer ask(Endpoint endpoint) throws IOException {
		try (LineConnection connection = open(endpoint)) {
			return connection.exchange("who is there?");
		}
	}

	/**
	 * Sends a line, and reads the answer to this one.
	 */
	LineAnswer exchange(String line) throws IOException {
		send(line);
		LineAnswer answer = read();
		if (!answer.before().isEmpty() || !answer.after().equals(line)) {
			throw new IOException("not the answer to '" + line + "': " + answer);
		}
		return answer;
	}

	void send(String line) throws IOException {
		this.socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
		this.socket.getOutputStream().flush();
	}

	LineAnswer read() throws IOException {
		String line = this.reader.readLine();
		if (line == null) {
			throw new EOFException("closed");
		}
		return LineAnswer.parse(line);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
