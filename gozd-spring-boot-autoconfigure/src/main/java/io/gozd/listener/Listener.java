package io.gozd.listener;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;

/**
 * The listening socket of a directive in this process. Whoever claimed it from the
 * {@link ListenerTable} closes the channel.
 *
 * @param key what it is known by
 * @param channel the channel, in non-blocking mode: the mode belongs to the description
 * that all generations share, and is never changed again
 * @param address where it really listens; an adopted channel does not know
 */
public record Listener(ListenerKey key, ServerSocketChannel channel, SocketAddress address) {

	static Listener bound(ListenerKey key, ServerSocketChannel channel) throws IOException {
		channel.configureBlocking(false);
		return new Listener(key, channel, channel.getLocalAddress());
	}

}
