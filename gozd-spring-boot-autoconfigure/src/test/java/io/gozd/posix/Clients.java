package io.gozd.posix;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections that wait in the queue of a Unix socket until they are closed.
 */
public final class Clients implements Closeable {

	private final Path path;

	private final List<SocketChannel> open = new ArrayList<>();

	public Clients(Path path) {
		this.path = path;
	}

	/** Connect as often as the kernel allows, and say how many wait now. */
	public int connectUntilTheQueueIsFull() throws IOException {
		while (true) {
			SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
			channel.configureBlocking(false);
			try {
				channel.connect(UnixDomainSocketAddress.of(this.path));
				this.open.add(channel);
			}
			catch (SocketException ex) {
				channel.close();
				if (ex.getMessage().contains("temporarily unavailable")) {
					return this.open.size();
				}
				throw ex;
			}
		}
	}

	@Override
	public void close() throws IOException {
		for (SocketChannel channel : this.open) {
			channel.close();
		}
	}

}
