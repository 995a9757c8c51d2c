package io.gozd.posix;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An operating system that only notes what it is asked for.
 */
public final class FakePosix implements Posix {

	private final Map<Integer, ServerSocketChannel> adopted = new HashMap<>();

	private final List<Integer> closed = new ArrayList<>();

	private final Set<Integer> broken = new HashSet<>();

	/** The channels that were made, by the descriptor that they were made of. */
	public Map<Integer, ServerSocketChannel> adopted() {
		return this.adopted;
	}

	public List<Integer> closed() {
		return this.closed;
	}

	/** This descriptor is no listener. */
	public void breakDescriptor(int descriptor) {
		this.broken.add(descriptor);
	}

	@Override
	public ServerSocketChannel adopt(int descriptor) throws IOException {
		if (this.broken.contains(descriptor)) {
			this.closed.add(descriptor);
			throw new IOException("Descriptor " + descriptor + " is not a listening socket");
		}
		ServerSocketChannel channel = ServerSocketChannel.open();
		this.adopted.put(descriptor, channel);
		return channel;
	}

	@Override
	public void close(int descriptor) {
		this.closed.add(descriptor);
	}

	@Override
	public int listeningDescriptor(SocketAddress address) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void ignoreNewHandshakes(SocketAddress address) {
		throw new UnsupportedOperationException();
	}

	@Override
	public UnixConnection accept(ServerSocketChannel channel) {
		throw new UnsupportedOperationException();
	}

	@Override
	public UnixConnection connect(Path path) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void duplicate(int descriptor, int target) {
		throw new UnsupportedOperationException();
	}

}
