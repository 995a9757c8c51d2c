package io.gozd.undertow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;

/**
 * The options of a listener and of its connections, understood as XNIO does.
 *
 * @param options the options of a listener
 */
record SocketSettings(OptionMap options) {

	private static final int DEFAULT_BACKLOG = 128;

	int backlog() {
		return this.options.get(Options.BACKLOG, DEFAULT_BACKLOG);
	}

	int highWater() {
		return this.options.get(Options.CONNECTION_HIGH_WATER, Integer.MAX_VALUE);
	}

	int lowWater() {
		return Math.min(this.options.get(Options.CONNECTION_LOW_WATER, highWater()), highWater());
	}

	ServerSocketChannel bind(InetSocketAddress address) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			if (this.options.contains(Options.RECEIVE_BUFFER)) {
				channel.setOption(StandardSocketOptions.SO_RCVBUF, this.options.get(Options.RECEIVE_BUFFER, -1));
			}
			channel.setOption(StandardSocketOptions.SO_REUSEADDR, this.options.get(Options.REUSE_ADDRESSES, true));
			return channel.bind(address, backlog());
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	void apply(SocketChannel socket) throws IOException {
		socket.setOption(StandardSocketOptions.SO_KEEPALIVE, this.options.get(Options.KEEP_ALIVE, false));
		socket.setOption(StandardSocketOptions.TCP_NODELAY, this.options.get(Options.TCP_NODELAY, false));
		socket.socket().setOOBInline(this.options.get(Options.TCP_OOB_INLINE, false));
		int sendBuffer = this.options.get(Options.SEND_BUFFER, -1);
		if (sendBuffer > 0) {
			socket.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
		}
	}

	void apply(StreamConnection connection) throws IOException {
		connection.setOption(Options.READ_TIMEOUT, this.options.get(Options.READ_TIMEOUT, 0));
		connection.setOption(Options.WRITE_TIMEOUT, this.options.get(Options.WRITE_TIMEOUT, 0));
	}

}
