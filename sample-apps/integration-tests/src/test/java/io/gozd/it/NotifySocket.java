package io.gozd.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * What systemd has in the place that NOTIFY_SOCKET names: a Unix socket for datagrams,
 * which the JDK does not make.
 */
final class NotifySocket implements AutoCloseable {

	private static final int AF_UNIX = 1;

	private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;

	private static final int SOL_SOCKET = 1;

	private static final int SO_PASSCRED = 16;

	private static final int SO_RCVTIMEO = 20;

	private static final int SIZE = 64 * 1024;

	/** A control message with a struct ucred, and no room for descriptors beside it. */
	private static final int CREDENTIALS_SIZE = 32;

	private static final int SCM_CREDENTIALS = 2;

	private final String name;

	private final LibC libc = LibraryLoader.create(LibC.class).load("c");

	private final Runtime runtime = Runtime.getRuntime(this.libc);

	private final Pointer buffer = memory(SIZE);

	private final Pointer control = memory(CREDENTIALS_SIZE);

	private final Pointer vector = memory(16);

	private final Pointer header = header();

	private final int fd;

	private final List<Received> received = new CopyOnWriteArrayList<>();

	private final Thread reader = new Thread(this::read, "notify-socket");

	private volatile boolean closed;

	/**
	 * Binds it.
	 * @param name a path, or @name in the abstract namespace
	 */
	NotifySocket(String name) {
		this.name = name;
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		boolean isAbstract = name.startsWith("@");
		Pointer address = memory(3 + bytes.length);
		address.putShort(0, (short) AF_UNIX);
		address.put(2, bytes, 0, bytes.length);
		if (isAbstract) {
			address.putByte(2, (byte) 0);
		}
		this.fd = check(this.libc.socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0));
		Pointer on = memory(Integer.BYTES);
		on.putInt(0, 1);
		check(this.libc.setsockopt(this.fd, SOL_SOCKET, SO_PASSCRED, on, Integer.BYTES));
		check(this.libc.bind(this.fd, address, isAbstract ? 2 + bytes.length : 3 + bytes.length));
		Pointer timeout = memory(16);
		timeout.putLong(8, 100_000);
		check(this.libc.setsockopt(this.fd, SOL_SOCKET, SO_RCVTIMEO, timeout, 16));
		this.reader.setDaemon(true);
		this.reader.start();
	}

	static NotifySocket at(Path path) {
		return new NotifySocket(path.toString());
	}

	private static int check(int result) {
		if (result < 0) {
			throw new AssertionError("A call of the C library failed");
		}
		return result;
	}

	private void read() {
		while (!this.closed) {
			// The kernel writes there how much of it it has used.
			this.header.putLong(40, CREDENTIALS_SIZE);
			long count = this.libc.recvmsg(this.fd, this.header, 0);
			if (count > 0) {
				byte[] bytes = new byte[(int) count];
				this.buffer.get(0, bytes, 0, bytes.length);
				this.received.add(new Received(System.nanoTime(), sender(), new String(bytes, StandardCharsets.UTF_8)));
			}
		}
		this.libc.close(this.fd);
	}

	/** A struct msghdr of 64 bits, to receive with. */
	private Pointer header() {
		this.vector.putPointer(0, this.buffer);
		this.vector.putLong(8, SIZE);
		Pointer header = memory(56);
		header.putPointer(16, this.vector);
		header.putLong(24, 1);
		header.putPointer(32, this.control);
		return header;
	}

	private Pointer memory(int bytes) {
		return Memory.allocateDirect(this.runtime, bytes, true);
	}

	/** As the kernel knows it. */
	private long sender() {
		boolean known = this.control.getInt(8) == SOL_SOCKET && this.control.getInt(12) == SCM_CREDENTIALS;
		return known ? this.control.getInt(16) : -1;
	}

	String name() {
		return this.name;
	}

	/**
	 * The datagrams up to now.
	 */
	List<String> datagrams() {
		return this.received.stream().map(Received::text).toList();
	}

	/**
	 * Who sent each of them, by its pid.
	 */
	List<Long> senders() {
		return this.received.stream().map(Received::sender).toList();
	}

	/**
	 * When a datagram came, each in nanoseconds.
	 */
	List<Long> timesOf(String datagram) {
		return this.received.stream()
			.filter((received) -> received.text().equals(datagram))
			.map(Received::nanos)
			.toList();
	}

	/**
	 * Who sent a datagram, once for each time.
	 */
	List<Long> sendersOf(String datagram) {
		return this.received.stream()
			.filter((received) -> received.text().equals(datagram))
			.map(Received::sender)
			.toList();
	}

	/**
	 * Waits until there are so many.
	 */
	List<String> await(int count, Duration limit) {
		Deadline.in(limit)
			.await(count + " datagrams", () -> this.received.size() >= count, () -> datagrams().toString());
		return datagrams();
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.reader.join();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private record Received(long nanos, long sender, String text) {

	}

	/**
	 * What is needed of the C library. Public because the generated class lives in
	 * another loader.
	 */
	public interface LibC {

		int socket(int domain, int type, int protocol);

		int bind(int fd, Pointer address, int length);

		int setsockopt(int fd, int level, int option, Pointer value, int length);

		long recvmsg(int fd, Pointer header, int flags);

		int close(int fd);

	}

}
