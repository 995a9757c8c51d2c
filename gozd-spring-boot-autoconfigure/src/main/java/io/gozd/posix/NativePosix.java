package io.gozd.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

import jnr.ffi.Pointer;

/**
 * {@link Posix} on 64-bit Linux, with the C library called through JNR.
 */
public final class NativePosix implements Posix {

	private static final int SOL_SOCKET = 1;

	private static final int SO_ATTACH_FILTER = 26;

	private static final int SO_ACCEPTCONN = 30;

	private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;

	private static final int SOCK_CLOEXEC = 0x80000;

	private static final int O_CLOEXEC = 0x80000;

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
	public int listeningDescriptor(SocketAddress wanted) throws IOException {
		for (int fd : OpenDescriptors.list()) {
			if (isListening(fd)) {
				SocketAddress address = SocketAddresses.localAddress(this.system, fd);
				if (address != null && SocketAddresses.same(address, wanted)) {
					return fd;
				}
			}
		}
		throw new IOException("No descriptor of this process listens on " + wanted);
	}

	@Override
	public ServerSocketChannel adopt(int descriptor) throws IOException {
		ServerSocketChannel channel = null;
		try {
			if (!isListening(descriptor)) {
				throw new IOException("Descriptor " + descriptor + " is not a listening socket");
			}
			channel = placeholder(SocketAddresses.family(this.system, descriptor));
			int target = listeningDescriptor(channel.getLocalAddress());
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

	@Override
	public void ignoreNewHandshakes(SocketAddress address) throws IOException {
		int fd = listeningDescriptor(address);
		SynFilter filter = new SynFilter(this.system);
		this.system.check("setsockopt(SO_ATTACH_FILTER)",
				(libc) -> libc.setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter.program(), filter.programSize()));
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
	public void duplicate(int descriptor, int target) throws IOException {
		this.system.check("dup2", (libc) -> libc.dup2(descriptor, target));
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

	private static final class Holder {

		private static final Posix INSTANCE = new NativePosix();

	}

}
