package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What the kernel tells of TCP sockets.
 */
final class ConnectionTable {

	private static final String ESTABLISHED = "01";

	private static final String CLOSE_WAIT = "08";

	private static final String LISTEN = "0A";

	private ConnectionTable() {
	}

	/**
	 * How many connections the server side of this endpoint still holds.
	 */
	static long established(Endpoint endpoint) throws IOException {
		return count(endpoint, ESTABLISHED) + count(endpoint, CLOSE_WAIT);
	}

	static long listening(Endpoint endpoint) throws IOException {
		return count(endpoint, LISTEN);
	}

	/**
	 * How many connections wait to be accepted.
	 */
	static long waiting(Endpoint endpoint) throws IOException {
		return rows(endpoint, LISTEN).mapToLong((fields) -> Long.parseLong(fields[4].split(":")[1], 16)).sum();
	}

	private static long count(Endpoint endpoint, String state) throws IOException {
		return rows(endpoint, state).count();
	}

	private static Stream<String[]> rows(Endpoint endpoint, String state) throws IOException {
		String port = String.format(Locale.ROOT, ":%04X", endpoint.port());
		List<String> lines = new ArrayList<>();
		for (String table : List.of("tcp", "tcp6")) {
			lines.addAll(Files.readAllLines(Path.of("/proc/net", table)));
		}
		return lines.stream()
			.map((line) -> line.strip().split("\\s+"))
			.filter((fields) -> fields[1].endsWith(port) && fields[3].equals(state));
	}

}
