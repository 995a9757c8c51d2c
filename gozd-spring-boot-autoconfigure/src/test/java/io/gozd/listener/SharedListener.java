package io.gozd.listener;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import io.gozd.posix.Descriptors;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;

/**
 * One listening description with two channels, as two generations have it.
 *
 * @param incumbent the channel that was bound
 * @param successor the channel that was made of a copy of its descriptor
 */
public record SharedListener(Listener incumbent, Listener successor) implements Closeable {

	private static final int BACKLOG = 1000;

	public static SharedListener open() throws IOException {
		Posix posix = NativePosix.get();
		InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		ListenerKey key = ListenerKey.of("test", any);
		ServerSocketChannel channel = ServerSocketChannel.open().bind(any, BACKLOG);
		channel.configureBlocking(false);
		SocketAddress address = channel.getLocalAddress();
		int copy = Descriptors.duplicate(posix, Descriptors.listening(posix, address));
		return new SharedListener(new Listener(key, channel, address, address, null, BACKLOG),
				new Listener(key, posix.adopt(copy), address, address, null, BACKLOG));
	}

	public SocketAddress address() {
		return this.incumbent.address();
	}

	/** When this returns the connection is in the queue of the kernel. */
	public SocketChannel connect() throws IOException {
		return SocketChannel.open(address());
	}

	@Override
	public void close() throws IOException {
		this.incumbent.channel().close();
		this.successor.channel().close();
	}

}
