package io.gozd.listener;

import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;

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
 */
public record Listener(ListenerKey key, ServerSocketChannel channel, SocketAddress address, SocketAddress name,
		@Nullable SocketFile file, int backlog) {
}
