package io.gozd.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Assumptions;

/**
 * Tests that only root can run.
 */
final class Privileges {

	/** A user that every system has, and its number. */
	static final String OTHER_USER = "www-data";

	private static final String LISTEN = "0A";

	private Privileges() {
	}

	static void assumeRoot() {
		Assumptions.assumeTrue(isRoot(), "Only root can be another user");
	}

	/**
	 * What stands before a command that is to see another file system than this one, so
	 * that nothing of this one changes.
	 * @param script what mounts it, in a shell of its own namespace
	 */
	static String[] inOwnMounts(String script) {
		assumeRoot();
		return new String[] { "unshare", "--mount", "sh", "-ec", script + "; exec \"$@\"", "sh" };
	}

	/**
	 * What stands before a command that another user is to run.
	 */
	static String[] asUser(int uid) {
		assumeRoot();
		return new String[] { "setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups" };
	}

	static int numberOf(String user) {
		return numberIn("/etc/passwd", user);
	}

	static int numberOfGroup(String group) {
		return numberIn("/etc/group", group);
	}

	private static int numberIn(String file, String name) {
		try {
			return Files.readAllLines(Path.of(file))
				.stream()
				.map((line) -> line.split(":"))
				.filter((fields) -> fields[0].equals(name))
				.mapToInt((fields) -> Integer.parseInt(fields[2]))
				.findFirst()
				.orElseThrow(() -> new AssertionError("There is no " + name + " in " + file));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Path give(Path path, int uid) throws IOException {
		Files.setAttribute(path, "unix:uid", uid);
		Files.setAttribute(path, "unix:gid", uid);
		return path;
	}

	static int ownerOf(Path path) throws IOException {
		return (Integer) Files.getAttribute(path, "unix:uid");
	}

	/**
	 * Whose the socket is that listens on a port of TCP, as the kernel has it.
	 */
	static int ownerOfListener(int port) throws IOException {
		String address = "%04X".formatted(port);
		for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
			for (String line : Files.readAllLines(Path.of(table))) {
				String[] fields = line.strip().split("\\s+");
				if (fields[1].endsWith(":" + address) && fields[3].equals(LISTEN)) {
					return Integer.parseInt(fields[7]);
				}
			}
		}
		throw new AssertionError("Nobody listens on " + port);
	}

	private static boolean isRoot() {
		try {
			return ownerOf(Path.of("/proc/self")) == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
