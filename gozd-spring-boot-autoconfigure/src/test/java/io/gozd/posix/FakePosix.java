package io.gozd.posix;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An operating system that only notes what it is asked for. The descriptors that it makes
 * are numbered from 1000.
 */
public final class FakePosix implements Posix {

	private final Map<Integer, ServerSocketChannel> adopted = new HashMap<>();

	private final Map<SocketAddress, Integer> listening = new HashMap<>();

	private final List<String> calls = new ArrayList<>();

	private final List<Integer> closed = new ArrayList<>();

	private final Set<Integer> broken = new HashSet<>();

	private final Set<String> failing = new HashSet<>();

	private int next = 1000;

	/** The channels that were made, by the descriptor that they were made of. */
	public Map<Integer, ServerSocketChannel> adopted() {
		return this.adopted;
	}

	public List<Integer> closed() {
		return this.closed;
	}

	/** What was asked for since this was asked last, except to adopt and to close. */
	public List<String> takeCalls() {
		List<String> taken = List.copyOf(this.calls);
		this.calls.clear();
		return taken;
	}

	/** This descriptor is no listener. */
	public void breakDescriptor(int descriptor) {
		this.broken.add(descriptor);
	}

	/** Whatever begins so fails from now on. */
	public void failAt(String call) {
		this.failing.add(call);
	}

	/** A descriptor listens there. */
	public void listens(SocketAddress name, int descriptor) {
		this.listening.put(name, descriptor);
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
	public Map<SocketAddress, Integer> listeningDescriptors(Collection<SocketAddress> names) throws IOException {
		Map<SocketAddress, Integer> found = new HashMap<>(this.listening);
		found.keySet().retainAll(names);
		if (!found.keySet().containsAll(names)) {
			throw new IOException("No descriptor of this process listens on one of " + names);
		}
		return found;
	}

	@Override
	public int reserve(InetSocketAddress address, List<Integer> neighbours) throws IOException {
		called("reserve " + address + " beside " + neighbours);
		return this.next++;
	}

	@Override
	public void listen(int descriptor, int backlog, List<Integer> neighbours) throws IOException {
		called("listen " + descriptor + " queue " + backlog + " beside " + neighbours);
	}

	@Override
	public int listenAbstract(String name, int backlog) throws IOException {
		called("listenAbstract " + name + " queue " + backlog);
		return this.next++;
	}

	@Override
	public int duplicate(int descriptor) throws IOException {
		called("duplicate " + descriptor);
		return this.next++;
	}

	@Override
	public void sendDatagram(String socket, ByteBuffer message, List<Integer> descriptors) throws IOException {
		called("to " + socket + ": " + StandardCharsets.UTF_8.decode(message)
				+ (descriptors.isEmpty() ? "" : " with " + descriptors));
	}

	@Override
	public SocketAddress addressOf(int descriptor) throws IOException {
		return this.listening.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == descriptor)
			.map(Map.Entry::getKey)
			.findFirst()
			.orElseThrow(() -> new IOException("Descriptor " + descriptor + " is not a listening socket"));
	}

	private void called(String call) throws IOException {
		this.calls.add(call);
		if (this.failing.stream().anyMatch(call::startsWith)) {
			throw new IOException(call + " fails");
		}
	}

	@Override
	public void discard(int target) throws IOException {
		called("discard " + target);
	}

	@Override
	public void beginSession() throws IOException {
		called("beginSession");
	}

	@Override
	public void refuseNewcomers(SocketAddress name) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void acceptNewcomers(int descriptor) throws IOException {
		called("acceptNewcomers " + descriptor);
	}

	@Override
	public PeerCredentials peer(SocketChannel channel) {
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
	public void duplicate(int descriptor, int target) throws IOException {
		called("duplicate " + descriptor + " over " + target);
	}

}
