package io.gozd.daemon;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import io.gozd.listener.InheritedListener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.SocketFile;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The listening sockets that a service manager has opened for this process, or has kept
 * for it (sd_listen_fds(3)). They begin at descriptor 3, which is why no other process
 * may take them for its own: LISTEN_PID says whose they are.
 */
final class PassedSockets {

	private static final Log logger = LogFactory.getLog(PassedSockets.class);

	private static final int FIRST = 3;

	private static final int MOST = 4096;

	private PassedSockets() {
	}

	/**
	 * Take them as if an incumbent had passed them on.
	 * @param environment the environment of this process
	 * @param pid this process
	 * @param posix the operating system, asked for only where there is one
	 * @param unusable told of those that a daemon has had kept and that are of no use any
	 * more; they are closed here
	 * @return what listens; its descriptors are owned by the caller
	 */
	static List<InheritedListener> of(Function<String, @Nullable String> environment, long pid, Supplier<Posix> posix,
			Consumer<StoredName> unusable) {
		String count = environment.apply("LISTEN_FDS");
		if (count == null || !Long.toString(pid).equals(environment.apply("LISTEN_PID"))) {
			return List.of();
		}
		if (!count.matches("\\d{1,4}") || Integer.parseInt(count) > MOST) {
			throw new DaemonException("LISTEN_FDS=" + count + " is not a number of sockets",
					"Start the daemon by systemd or systemd-socket-activate, or without the variable");
		}
		String names = environment.apply("LISTEN_FDNAMES");
		String[] each = (names != null) ? names.split(":", -1) : new String[0];
		List<InheritedListener> sockets = new ArrayList<>();
		for (int i = 0; i < Integer.parseInt(count); i++) {
			InheritedListener socket = of(FIRST + i, (i < each.length) ? each[i] : "", posix.get(), unusable);
			if (socket != null) {
				checkAddress(socket, sockets);
				sockets.add(socket);
			}
		}
		return sockets;
	}

	/** One of the two would be closed here, and open where it comes from. */
	private static void checkAddress(InheritedListener socket, List<InheritedListener> others) {
		for (InheritedListener other : others) {
			if (socket.supervised() && other.supervised() && other.key().equals(socket.key())) {
				throw new DaemonException(
						"The service manager passes two sockets that are " + socket.key()
								+ ", for IPv4 and for IPv6 alone perhaps: only one could be served",
						"Open one for both (ListenStream=<port>, BindIPv6Only=both), or each with the address of an"
								+ " interface");
			}
		}
	}

	private static @Nullable InheritedListener of(int descriptor, String name, Posix posix,
			Consumer<StoredName> unusable) {
		StoredName stored = StoredName.parse(name);
		try {
			SocketAddress address = posix.addressOf(descriptor);
			if (stored != null) {
				posix.acceptNewcomers(descriptor);
				return stored(stored, address, descriptor);
			}
			// It is whose name it has, else whose address.
			ListenerKey key = ListenerKey.of(name, address);
			return new InheritedListener(key, address, address, null, 0, descriptor, name, true);
		}
		catch (IOException ex) {
			logger.warn("The socket '" + name + "' that was passed as descriptor " + descriptor + " is not used: "
					+ ex.getMessage());
			if (stored != null) {
				// The daemon's own; anything else may be the application's business.
				posix.close(descriptor);
				unusable.accept(stored);
			}
			return null;
		}
	}

	/** The kernel knows a Unix socket by where it was bound, clients by another path. */
	private static InheritedListener stored(StoredName stored, SocketAddress name, int descriptor) throws IOException {
		ListenerKey key = stored.key();
		if (name instanceof InetSocketAddress) {
			return new InheritedListener(key, name, name, null, 0, descriptor);
		}
		String path = key.value().substring(key.value().indexOf(':') + 1);
		if (path.startsWith("@")) {
			return new InheritedListener(key, name, name, null, 0, descriptor);
		}
		SocketFile file = SocketFile.at(Path.of(path));
		if (!file.inode().equals(stored.inode())) {
			throw new IOException("the file " + path + " is another socket's by now");
		}
		return new InheritedListener(key, UnixDomainSocketAddress.of(path), name, file, 0, descriptor);
	}

}
