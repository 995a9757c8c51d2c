package io.gozd.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * A connection of a Unix socket. Applications ask for hosts and ports: both ends are this
 * machine.
 */
final class UnixEndPoint extends SocketChannelEndPoint {

	private static final InetSocketAddress HERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	UnixEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler) {
		super(channel, selector, key, scheduler);
	}

	@Override
	public SocketAddress getLocalSocketAddress() {
		return HERE;
	}

	@Override
	public SocketAddress getRemoteSocketAddress() {
		return HERE;
	}

}
