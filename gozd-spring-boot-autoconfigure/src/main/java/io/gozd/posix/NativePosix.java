package io.gozd.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jnr.ffi.Pointer;

/**
 * {@link Posix} on 64-bit Linux, with the C library called through JNR.
 */
public final class NativePosix implements Posix {

	private static final int SOL_SOCKET = 1;

	private static final int SO_REUSEPORT = 15;

	private static final int SO_ATTACH_FILTER = 26;

	private static final int SO_DETACH_FILTER = 27;

	private static final int SO_ACCEPTCONN = 30;

	private static final int IPPROTO_TCP = 6;

	/** Its first byte is the state of the connection. */
	private static final int TCP_INFO = 11;

	private static final int TCP_CLOSE = 7;

	private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;

	private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

	private static final int SOCK_CLOEXEC = 0x80000;

	private static final int MSG_NOSIGNAL = 0x4000;

	private static final int O_CLOEXEC = 0x80000;

	private static final int O_RDWR = 2;

	private static final int F_DUPFD_CLOEXEC = 1030;

	private static final int SHUT_RD = 0;

	private static final int POLLRDHUP = 0x2000;

	/** A pollfd: the descriptor, what is asked for, and the answer. */
	private static final int POLLFD_SIZE = 8;

	private static final int POLLFD_EVENTS = 4;

	private static final int POLLFD_ANSWER = 6;

	private static volatile boolean loaded;

	private final Native system = new Native();

	private NativePosix() {
		loaded = true;
	}

	/**
	 * Return the one of this process, loading it when first called.
	 * @return the operating system
	 */
	public static Posix get() {
		return Holder.INSTANCE;
	}

	@Override
	public Map<SocketAddress, Integer> listeningDescriptors(Collection<SocketAddress> names) throws IOException {
		Map<SocketAddress, Integer> found = new HashMap<>();
		for (int fd : OpenDescriptors.list()) {
			SocketAddress address = isListening(fd) ? SocketAddresses.localAddress(this.system, fd) : null;
			if (address != null) {
				names.stream()
					.filter((name) -> SocketAddresses.same(address, name))
					.forEach((name) -> found.put(name, fd));
			}
		}
		for (SocketAddress name : names) {
			if (!found.containsKey(name)) {
				throw new IOException("No descriptor of this process listens on " + name);
			}
		}
		return found;
	}

	private int listeningDescriptor(SocketAddress name) throws IOException {
		return listeningDescriptors(List.of(name)).get(name);
	}

	@Override
	public ServerSocketChannel adopt(int descriptor) throws IOException {
		ServerSocketChannel channel = null;
		try {
			if (!isListening(descriptor) && !isReserved(descriptor)) {
				throw new IOException("Descriptor " + descriptor + " is not a listening socket");
			}
			StandardProtocolFamily family = SocketAddresses.family(this.system, descriptor);
			int guess = duplicate(descriptor);
			close(guess);
			channel = placeholder(family);
			int target = placeholderDescriptor(channel.getLocalAddress(), guess);
			this.system.check("dup3", (libc) -> libc.dup3(descriptor, target, O_CLOEXEC));
			// Only now: the mode belongs to the description that was inherited.
			channel.configureBlocking(false);
			return channel;
		}
		catch (IOException ex) {
			if (channel != null) {
				channel.close();
			}
			throw ex;
		}
		finally {
			close(descriptor);
		}
	}

	/**
	 * The kernel gives out the lowest number that is free: most times the one that was so
	 * a moment ago. To look at all of them takes long where there are hundreds.
	 */
	private int placeholderDescriptor(SocketAddress address, int guess) throws IOException {
		return (isListening(guess) && address.equals(SocketAddresses.localAddress(this.system, guess))) ? guess
				: listeningDescriptor(address);
	}

	/**
	 * A channel that listens where nobody looks, made to have its descriptor replaced: so
	 * the JDK's own object serves a descriptor that it did not open, without reflection.
	 */
	private ServerSocketChannel placeholder(StandardProtocolFamily family) throws IOException {
		if (family != StandardProtocolFamily.UNIX) {
			return bind(family, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		}
		Path directory = Files.createTempDirectory("gozd");
		Path path = directory.resolve("s");
		try {
			return bind(family, UnixDomainSocketAddress.of(path));
		}
		finally {
			Files.deleteIfExists(path);
			Files.delete(directory);
		}
	}

	private static ServerSocketChannel bind(StandardProtocolFamily family, SocketAddress address) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(family);
		try {
			return channel.bind(address, 1);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private boolean isListening(int fd) {
		Pointer value = this.system.intValue(0);
		Pointer length = this.system.intValue(Integer.BYTES);
		return this.system.libc().getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, value, length) == 0 && value.getInt(0) == 1;
	}

	/** Whether it is a socket of TCP without a connection that does not listen yet. */
	private boolean isReserved(int fd) {
		Pointer state = this.system.intValue(0);
		Pointer length = this.system.intValue(1);
		return this.system.libc().getsockopt(fd, IPPROTO_TCP, TCP_INFO, state, length) == 0
				&& state.getByte(0) == TCP_CLOSE;
	}

	@Override
	public int reserve(InetSocketAddress address, List<Integer> neighbours) throws IOException {
		// A channel of the JDK that binds and does not listen: the JDK knows addresses.
		try (SocketChannel channel = SocketChannel.open()) {
			channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
			channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
			return sharing(neighbours, () -> {
				channel.bind(address);
				return duplicate(boundDescriptor(channel.getLocalAddress()));
			});
		}
	}

	private int boundDescriptor(SocketAddress address) throws IOException {
		for (int fd : OpenDescriptors.list()) {
			if (isReserved(fd) && address.equals(SocketAddresses.localAddress(this.system, fd))) {
				return fd;
			}
		}
		throw new IOException("No descriptor of this process is bound to " + address);
	}

	@Override
	public void listen(int descriptor, int backlog, List<Integer> neighbours) throws IOException {
		sharing(neighbours, () -> (int) this.system.check("listen", (libc) -> libc.listen(descriptor, backlog)));
		if (!neighbours.isEmpty()) {
			reusePort(descriptor, false);
		}
	}

	/** The kernel looks at this option when it binds and when it begins to listen. */
	private int sharing(List<Integer> neighbours, Binding binding) throws IOException {
		try {
			for (int neighbour : neighbours) {
				reusePort(neighbour, true);
			}
			return binding.run();
		}
		finally {
			for (int neighbour : neighbours) {
				reusePort(neighbour, false);
			}
		}
	}

	private void reusePort(int descriptor, boolean reuse) throws IOException {
		Pointer value = this.system.intValue(reuse ? 1 : 0);
		this.system.check("setsockopt(SO_REUSEPORT)",
				(libc) -> libc.setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, value, Integer.BYTES));
	}

	@Override
	public int listenAbstract(String name, int backlog) throws IOException {
		Pointer address = SocketAddresses.abstractName(this.system, name);
		int fd = (int) this.system.check("socket",
				(libc) -> libc.socket(SocketAddresses.AF_UNIX, SOCK_STREAM_CLOEXEC, 0));
		try {
			this.system.check("bind to @" + name, (libc) -> libc.bind(fd, address, (int) address.size()));
			this.system.check("listen", (libc) -> libc.listen(fd, backlog));
			return fd;
		}
		catch (IOException ex) {
			close(fd);
			throw ex;
		}
	}

	@Override
	public void refuseNewcomers(SocketAddress name) throws IOException {
		int fd = listeningDescriptor(name);
		if (name instanceof UnixDomainSocketAddress) {
			// In the kernel connect(2) asks for it, and accept(2) gives what waits.
			this.system.check("shutdown", (libc) -> libc.shutdown(fd, SHUT_RD));
			return;
		}
		SynFilter filter = new SynFilter(this.system);
		this.system.check("setsockopt(SO_ATTACH_FILTER)",
				(libc) -> libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter.program(), filter.programSize()));
	}

	@Override
	public void acceptNewcomers(int descriptor) throws IOException {
		if (SocketAddresses.family(this.system, descriptor) == StandardProtocolFamily.UNIX) {
			Pointer poll = this.system.memory(POLLFD_SIZE);
			poll.putInt(0, descriptor);
			poll.putShort(POLLFD_EVENTS, (short) POLLRDHUP);
			this.system.check("poll", (libc) -> libc.poll(poll, 1, 0));
			if ((poll.getShort(POLLFD_ANSWER) & POLLRDHUP) != 0) {
				throw new IOException("it was shut down, nobody can connect to it any more");
			}
			return;
		}
		// Where there is none the kernel says so, which is right as well.
		this.system.libc().setsockopt(descriptor, SOL_SOCKET, SO_DETACH_FILTER, this.system.intValue(0), Integer.BYTES);
	}

	@Override
	public PeerCredentials peer(SocketChannel channel) throws IOException {
		return MarkedChannel.use(this.system, channel, (fd) -> NativeUnixConnection.peer(this.system, fd));
	}

	@Override
	public UnixConnection accept(ServerSocketChannel channel) throws IOException {
		int listening = listeningDescriptor(channel.getLocalAddress());
		int fd = (int) this.system.check("accept4", (libc) -> libc.accept4(listening, null, null, SOCK_CLOEXEC));
		NativeUnixConnection.boundWrites(this.system, fd);
		return new NativeUnixConnection(this.system, fd);
	}

	@Override
	public UnixConnection connect(Path path) throws IOException {
		Pointer address = SocketAddresses.unix(this.system, path);
		int fd = (int) this.system.check("socket",
				(libc) -> libc.socket(SocketAddresses.AF_UNIX, SOCK_STREAM_CLOEXEC, 0));
		try {
			NativeUnixConnection.boundWrites(this.system, fd);
			this.system.check("connect to " + path, (libc) -> libc.connect(fd, address, SocketAddresses.unixSize()));
		}
		catch (IOException ex) {
			close(fd);
			throw ex;
		}
		return new NativeUnixConnection(this.system, fd);
	}

	@Override
	public void sendDatagram(String socket, ByteBuffer message, List<Integer> descriptors) throws IOException {
		boolean isAbstract = socket.startsWith("@");
		Pointer address = isAbstract ? SocketAddresses.abstractName(this.system, socket.substring(1))
				: SocketAddresses.unix(this.system, Path.of(socket));
		int size = isAbstract ? (int) address.size() : SocketAddresses.unixSize();
		int fd = (int) this.system.check("socket",
				(libc) -> libc.socket(SocketAddresses.AF_UNIX, SOCK_DGRAM_CLOEXEC, 0));
		try {
			NativeUnixConnection.boundWrites(this.system, fd);
			this.system.check("connect to " + socket, (libc) -> libc.connect(fd, address, size));
			MessageHeader header = MessageHeader.sending(this.system, message, descriptors);
			this.system.check("sendmsg", (libc) -> libc.sendmsg(fd, header.pointer(), MSG_NOSIGNAL));
		}
		finally {
			close(fd);
		}
	}

	@Override
	public SocketAddress addressOf(int descriptor) throws IOException {
		SocketAddress address = isListening(descriptor) ? SocketAddresses.localAddress(this.system, descriptor) : null;
		if (address == null) {
			throw new IOException("Descriptor " + descriptor + " is not a listening socket");
		}
		return address;
	}

	@Override
	public int duplicate(int descriptor) throws IOException {
		return (int) this.system.check("fcntl(F_DUPFD_CLOEXEC)", (libc) -> libc.fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
	}

	@Override
	public void duplicate(int descriptor, int target) throws IOException {
		this.system.check("dup2", (libc) -> libc.dup2(descriptor, target));
	}

	@Override
	public void discard(int target) throws IOException {
		int nowhere = (int) this.system.check("open /dev/null",
				(libc) -> libc.open("/dev/null", O_RDWR | O_CLOEXEC, 0));
		try {
			duplicate(nowhere, target);
		}
		finally {
			close(nowhere);
		}
	}

	@Override
	public void beginSession() throws IOException {
		this.system.check("setsid", LibC::setsid);
	}

	@Override
	public void close(int descriptor) {
		this.system.libc().close(descriptor);
	}

	/**
	 * Return whether it is loaded.
	 * @return whether native code was needed already
	 */
	public static boolean isLoaded() {
		return loaded;
	}

	@FunctionalInterface
	private interface Binding {

		int run() throws IOException;

	}

	private static final class Holder {

		private static final Posix INSTANCE = new NativePosix();

	}

}
