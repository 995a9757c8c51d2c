package io.gozd.posix;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor of a Unix connection of the JDK's, which tells it nobody: for a
 * moment the channel has a value of SO_LINGER that no other socket has. The option means
 * nothing to a Unix socket (unix(7)), but the kernel remembers it.
 */
final class MarkedChannel {

	private static final int SOL_SOCKET = 1;

	private static final int SO_LINGER = 13;

	/** The kernel keeps two numbers: whether it is on, and the seconds. */
	private static final int LINGER_SIZE = 8;

	private static final int MAX_LINGER = 65535;

	private static final int ATTEMPTS = 5;

	private MarkedChannel() {
	}

	/**
	 * Do something with the descriptor of a channel.
	 * @param system the C library
	 * @param channel the channel, of the Unix family
	 * @param use what to do; its result does not count if the channel was closed
	 * meanwhile, because the number may have been somebody else's
	 * @return what that returned
	 * @throws IOException if the channel is closed or not found
	 */
	static <T> T use(Native system, SocketChannel channel, Use<T> use) throws IOException {
		int before = channel.getOption(StandardSocketOptions.SO_LINGER);
		for (int i = 0; i < ATTEMPTS; i++) {
			int mark = ThreadLocalRandom.current().nextInt(1, MAX_LINGER);
			@Nullable T result = null;
			channel.setOption(StandardSocketOptions.SO_LINGER, mark);
			try {
				List<Integer> found = marked(system, mark);
				if (found.size() == 1) {
					result = use.with(found.get(0));
				}
			}
			finally {
				// Fails where the channel was closed.
				channel.setOption(StandardSocketOptions.SO_LINGER, before);
			}
			if (result != null) {
				return result;
			}
		}
		throw new IOException("The descriptor of " + channel + " is not to be found");
	}

	private static List<Integer> marked(Native system, int mark) throws IOException {
		Pointer value = system.memory(LINGER_SIZE);
		Pointer length = system.intValue(LINGER_SIZE);
		List<Integer> found = new ArrayList<>();
		for (int fd : OpenDescriptors.list()) {
			length.putInt(0, LINGER_SIZE);
			if (system.libc().getsockopt(fd, SOL_SOCKET, SO_LINGER, value, length) == 0 && value.getInt(0) != 0
					&& value.getInt(Integer.BYTES) == mark) {
				found.add(fd);
			}
		}
		return found;
	}

	/** Something to do with a descriptor. */
	@FunctionalInterface
	interface Use<T> {

		T with(int descriptor) throws IOException;

	}

}
