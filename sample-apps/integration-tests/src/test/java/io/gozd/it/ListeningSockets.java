package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What the kernel tells of sockets that are listened on.
 */
final class ListeningSockets {

	private static final String LISTEN = "0A";

	private static final int ACCEPTS_CONNECTIONS = 0x10000;

	private static final int PATH = 7;

	private ListeningSockets() {
	}

	/**
	 * The ports and the names of Unix sockets that a process holds, each once, in order.
	 */
	static List<String> of(long pid) throws IOException {
		Map<String, String> all = tcp();
		all.putAll(unix());
		return new ProcessView(pid).descriptors()
			.stream()
			.distinct()
			.map((target) -> all.get(target.replaceAll("\\D", "")))
			.filter(Objects::nonNull)
			.map((name) -> name.startsWith("/") ? name.substring(name.lastIndexOf('/') + 1) : name)
			.sorted()
			.toList();
	}

	/**
	 * Whether any process listens on the Unix socket of a path, which was bound in a
	 * directory beside it.
	 */
	static boolean hasUnix(Path path) throws IOException {
		String directory = path.getParent() + "/";
		String name = "/" + path.getFileName();
		return unix().values().stream().anyMatch((bound) -> bound.startsWith(directory) && bound.endsWith(name));
	}

	private static Map<String, String> tcp() throws IOException {
		Map<String, String> names = new HashMap<>();
		for (String table : List.of("tcp", "tcp6")) {
			rows(table).filter((fields) -> fields[3].equals(LISTEN))
				.forEach((fields) -> names.put(fields[9],
						Integer.toString(Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16))));
		}
		return names;
	}

	private static Map<String, String> unix() throws IOException {
		Map<String, String> names = new HashMap<>();
		rows("unix").filter((fields) -> fields.length > PATH)
			.filter((fields) -> (Integer.parseInt(fields[3], 16) & ACCEPTS_CONNECTIONS) != 0)
			.forEach((fields) -> names.put(fields[6], fields[PATH]));
		return names;
	}

	private static Stream<String[]> rows(String table) throws IOException {
		return Files.readAllLines(Path.of("/proc/net", table))
			.stream()
			.skip(1)
			.map((line) -> line.strip().split("\\s+"));
	}

}
