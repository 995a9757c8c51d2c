package io.gozd.posix;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The descriptors of the JVM that runs the tests, as the kernel lists them.
 */
public final class Descriptors {

	private static final Path DIRECTORY = Path.of("/proc/self/fd");

	private Descriptors() {
	}

	/**
	 * The sockets that are open: what the JVM opens meanwhile for itself is no socket.
	 */
	public static Set<Integer> sockets() throws IOException {
		Set<Integer> sockets = new HashSet<>();
		for (int fd : OpenDescriptors.list()) {
			if (target(fd).startsWith("socket:")) {
				sockets.add(fd);
			}
		}
		return sockets;
	}

	/**
	 * The sockets that were opened since. One of an earlier test may be closed meanwhile,
	 * by a thread of a server of its.
	 */
	public static Set<Integer> socketsSince(Set<Integer> before) throws IOException {
		Set<Integer> sockets = sockets();
		sockets.removeAll(before);
		return sockets;
	}

	/** What a descriptor refers to, or an empty text if it is closed. */
	public static String target(int fd) throws IOException {
		try {
			return Files.readSymbolicLink(DIRECTORY.resolve(Integer.toString(fd))).toString();
		}
		catch (NoSuchFileException ex) {
			return "";
		}
	}

	/** The descriptor of a file that is open. */
	public static int of(Path file) throws IOException {
		for (int fd : OpenDescriptors.list()) {
			if (target(fd).equals(file.toRealPath().toString())) {
				return fd;
			}
		}
		throw new AssertionError(file + " is not open");
	}

	/** The descriptor that listens on an address. */
	public static int listening(Posix posix, SocketAddress address) throws IOException {
		return posix.listeningDescriptors(List.of(address)).get(address);
	}

	public static boolean isCloseOnExec(int fd) throws IOException {
		List<String> lines = Files.readAllLines(Path.of("/proc/self/fdinfo", Integer.toString(fd)));
		String flags = lines.stream().filter((line) -> line.startsWith("flags:")).findFirst().orElseThrow();
		return (Integer.parseInt(flags.substring("flags:".length()).trim(), 8) & 02000000) != 0;
	}

	/**
	 * Another descriptor of the same description, with a number that nobody is given
	 * soon.
	 */
	public static int duplicate(Posix posix, int fd) throws IOException {
		int free = Collections.max(OpenDescriptors.list()) + 100;
		posix.duplicate(fd, free);
		return free;
	}

}
