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

	public static SharedListener open() throws IOException {
		Posix posix = NativePosix.get();
		InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		ListenerKey key = ListenerKey.tcp("test", any);
		Listener incumbent = Listener.bound(key, ServerSocketChannel.open().bind(any, 1000));
		int copy = Descriptors.duplicate(posix, posix.listeningDescriptor(incumbent.address()));
		return new SharedListener(incumbent, new Listener(key, posix.adopt(copy), incumbent.address()));
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
