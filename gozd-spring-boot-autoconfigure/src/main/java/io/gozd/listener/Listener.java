package io.gozd.listener;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;

import io.gozd.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket of a directive in this process. Whoever claimed it from the
 * {@link ListenerTable} closes the channel.
 *
 * @param key what it is known by
 * @param channel the channel, in non-blocking mode: the mode belongs to the description
 * that all generations share, and is never changed again
 * @param address where clients find it; an adopted channel does not know
 * @param name its name in the kernel (getsockname(2)): of a Unix socket the path where it
 * was bound before it was moved to its place
 * @param file the file of a Unix socket, or null
 * @param backlog how many connections may wait to be accepted
 * @param id the id of the directive that it is meant for whatever its address, or null
 * @param supervised whether it belongs to a service manager, and goes on when the daemon
 * ends
 */
public record Listener(ListenerKey key, ServerSocketChannel channel, SocketAddress address, SocketAddress name,
		@Nullable SocketFile file, int backlog, @Nullable String id, boolean supervised) {

	/**
	 * Create one that belongs to the daemon alone.
	 * @param key what it is known by
	 * @param channel the channel, in non-blocking mode
	 * @param address where clients find it
	 * @param name its name in the kernel
	 * @param file the file of a Unix socket, or null
	 * @param backlog how many connections may wait to be accepted
	 */
	public Listener(ListenerKey key, ServerSocketChannel channel, SocketAddress address, SocketAddress name,
			@Nullable SocketFile file, int backlog) {
		this(key, channel, address, name, file, backlog, null, false);
	}

	/**
	 * Let no newcomers into the queue any more.
	 * @param posix the operating system
	 * @throws SupervisedException if the socket outlives the daemon
	 * @throws IOException if the kernel does not do it
	 * @see Posix#refuseNewcomers(SocketAddress)
	 */
	public void refuseNewcomers(Posix posix) throws IOException {
		if (this.supervised) {
			throw new SupervisedException(this.key);
		}
		posix.refuseNewcomers(this.name);
	}

}
