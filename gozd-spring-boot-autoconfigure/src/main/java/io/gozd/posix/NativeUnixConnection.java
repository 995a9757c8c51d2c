package io.gozd.posix;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

import jnr.constants.platform.Errno;
import jnr.ffi.Pointer;

/**
 * {@link UnixConnection} on a descriptor that it owns.
 */
final class NativeUnixConnection implements UnixConnection {

	private static final int SOL_SOCKET = 1;

	private static final int SO_PEERCRED = 17;

	private static final int SO_RCVTIMEO = 20;

	private static final int SO_SNDTIMEO = 21;

	private static final int TIME_SIZE = 16;

	/** A Unix socket whose queue is full makes connect(2) wait as well. */
	private static final int WRITE_TIMEOUT_MILLIS = 5000;

	private static final int SHUT_RDWR = 2;

	private static final int MSG_NOSIGNAL = 0x4000;

	private static final int MSG_CMSG_CLOEXEC = 0x40000000;

	private final Native system;

	private final int fd;

	// A descriptor is closed only when nobody is inside a call with it: its number may
	// belong to somebody else a moment later.
	private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

	private final Lock closing = new ReentrantLock();

	private volatile boolean closed;

	NativeUnixConnection(Native system, int fd) {
		this.system = system;
		this.fd = fd;
	}

	@Override
	public PeerCredentials peer() throws IOException {
		this.use.readLock().lock();
		try {
			if (this.closed) {
				throw new IOException("getsockopt(SO_PEERCRED): the connection is closed");
			}
			return peer(this.system, this.fd);
		}
		finally {
			this.use.readLock().unlock();
		}
	}

	static PeerCredentials peer(Native system, int fd) throws IOException {
		Pointer value = system.memory(12);
		Pointer length = system.intValue(12);
		system.check("getsockopt(SO_PEERCRED)", (libc) -> libc.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, value, length));
		return new PeerCredentials(value.getInt(0), Integer.toUnsignedLong(value.getInt(4)),
				Integer.toUnsignedLong(value.getInt(8)));
	}

	@Override
	public void send(ByteBuffer bytes, List<Integer> descriptors) throws IOException {
		MessageHeader header = MessageHeader.sending(this.system, bytes, descriptors);
		bytes.position(bytes.position()
				+ (int) call("sendmsg", (libc) -> libc.sendmsg(this.fd, header.pointer(), MSG_NOSIGNAL)));
		if (bytes.hasRemaining()) {
			send(bytes, List.of());
		}
	}

	@Override
	public int receive(ByteBuffer into, List<Integer> descriptors) throws IOException {
		MessageHeader header = MessageHeader.receiving(this.system, into.remaining());
		int count = (int) call("recvmsg", (libc) -> libc.recvmsg(this.fd, header.pointer(), MSG_CMSG_CLOEXEC));
		header.copyDescriptors(descriptors);
		if (header.isTruncated()) {
			throw new IOException("The kernel dropped descriptors on the way (MSG_CTRUNC):"
					+ " this process has reached its limit of open files");
		}
		header.copyBytes(count, into);
		return (count == 0) ? -1 : count;
	}

	@Override
	public void readTimeout(int milliseconds) throws IOException {
		Pointer time = time(this.system, milliseconds);
		call("setsockopt(SO_RCVTIMEO)", (libc) -> libc.setsockopt(this.fd, SOL_SOCKET, SO_RCVTIMEO, time, TIME_SIZE));
	}

	/** Bound every wait to connect or to write on a socket. */
	static void boundWrites(Native system, int fd) throws IOException {
		Pointer time = time(system, WRITE_TIMEOUT_MILLIS);
		system.check("setsockopt(SO_SNDTIMEO)",
				(libc) -> libc.setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, time, TIME_SIZE));
	}

	private static Pointer time(Native system, int milliseconds) {
		Pointer time = system.memory(TIME_SIZE);
		time.putLong(0, milliseconds / 1000);
		time.putLong(8, (milliseconds % 1000) * 1000L);
		return time;
	}

	private long call(String what, Native.Call call) throws IOException {
		this.use.readLock().lock();
		try {
			if (this.closed) {
				throw new IOException(what + ": the connection is closed");
			}
			return this.system.check(what, call);
		}
		catch (Native.ErrnoException ex) {
			if (ex.errno() == Errno.EAGAIN) {
				throw new SocketTimeoutException(what + ": the peer is silent");
			}
			throw ex;
		}
		finally {
			this.use.readLock().unlock();
		}
	}

	@Override
	public void close() {
		this.closing.lock();
		try {
			if (this.closed) {
				return;
			}
			this.closed = true;
			// Wakes whoever waits in a call; the write lock is free once they are out.
			this.system.libc().shutdown(this.fd, SHUT_RDWR);
			this.use.writeLock().lock();
			try {
				this.system.libc().close(this.fd);
			}
			finally {
				this.use.writeLock().unlock();
			}
		}
		finally {
			this.closing.unlock();
		}
	}

}
