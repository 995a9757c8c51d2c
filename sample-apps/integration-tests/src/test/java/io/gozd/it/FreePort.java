package io.gozd.it;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that nobody listens on, and that no other test is given. Below those that the
 * kernel gives to clients: while a daemon is down, a client that connects to a port of
 * that range may get it as its own, and is then connected with itself.
 */
final class FreePort {

	private static final int FIRST = 10_000;

	private static final int LAST = 32_000;

	private static final int FIRST_PRIVILEGED = 600;

	private static final int LAST_PRIVILEGED = 1023;

	/** The files that say so to other JVMs, each locked as long as it is open. */
	private static final Map<Integer, FileChannel> RESERVED = new HashMap<>();

	private FreePort() {
	}

	static int find() {
		return find(FIRST, LAST);
	}

	/**
	 * One that only root may listen on.
	 */
	static int findPrivileged() {
		return find(FIRST_PRIVILEGED, LAST_PRIVILEGED);
	}

	private static int find(int first, int last) {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(first, last);
			if (reserve(port) && isFree(port)) {
				return port;
			}
		}
	}

	/**
	 * Takes a port for this JVM until it ends: a daemon listens there only seconds later,
	 * and other tests look for a port meanwhile, some of them in other JVMs.
	 */
	private static synchronized boolean reserve(int port) {
		if (RESERVED.containsKey(port)) {
			return false;
		}
		try {
			Path directory = Files.createDirectories(
					Path.of(System.getProperty("java.io.tmpdir"), "gozd-it-ports-" + System.getProperty("user.name")));
			FileChannel file = FileChannel.open(directory.resolve(Integer.toString(port)), StandardOpenOption.CREATE,
					StandardOpenOption.WRITE);
			if (file.tryLock() == null) {
				file.close();
				return false;
			}
			RESERVED.put(port, file);
			return true;
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/** At any address: some are used at others than the loopback one. */
	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket(port, 1)) {
			return socket.isBound();
		}
		catch (IOException ex) {
			return false;
		}
	}

}
