package io.gozd.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that nobody listens on. Below those that the kernel gives to clients: while a
 * daemon is down, a client that connects to a port of that range may get it as its own,
 * and is then connected with itself.
 */
final class FreePort {

	private static final int FIRST = 10_000;

	private static final int LAST = 32_000;

	private static final int FIRST_PRIVILEGED = 600;

	private static final int LAST_PRIVILEGED = 1023;

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
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException ex) {
				// Somebody has it: another one, then.
			}
		}
	}

}
