package io.gozd.listener;

import java.net.SocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * A listener that the incumbent passed on and that nobody has claimed yet.
 *
 * @param key what it is known by
 * @param address where clients find it
 * @param name its name in the kernel
 * @param file the file of a Unix socket, or null
 * @param backlog how many connections may wait to be accepted
 * @param descriptor its descriptor in this process
 * @param id the id of the directive that it is meant for whatever its address, or null
 * @param supervised whether it belongs to a service manager, and goes on when the daemon
 * ends
 */
public record InheritedListener(ListenerKey key, SocketAddress address, SocketAddress name, @Nullable SocketFile file,
		int backlog, int descriptor, @Nullable String id, boolean supervised) {

	/**
	 * Create one that belongs to the daemon alone.
	 * @param key what it is known by
	 * @param address where clients find it
	 * @param name its name in the kernel
	 * @param file the file of a Unix socket, or null
	 * @param backlog how many connections may wait to be accepted
	 * @param descriptor its descriptor in this process
	 */
	public InheritedListener(ListenerKey key, SocketAddress address, SocketAddress name, @Nullable SocketFile file,
			int backlog, int descriptor) {
		this(key, address, name, file, backlog, descriptor, null, false);
	}

}
