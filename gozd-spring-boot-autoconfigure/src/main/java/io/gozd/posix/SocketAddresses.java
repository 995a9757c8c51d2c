package io.gozd.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import jnr.ffi.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * Socket addresses as Linux lays them out in memory (ip(7), ipv6(7), unix(7)).
 */
final class SocketAddresses {

	static final int AF_UNIX = 1;

	static final int AF_INET = 2;

	static final int AF_INET6 = 10;

	/** The size of sockaddr_storage. */
	static final int MAX_SIZE = 128;

	static final int MAX_PATH = 107;

	private static final int PATH_OFFSET = 2;

	private SocketAddresses() {
	}

	/** The address that a descriptor is bound to, or null if it is no such socket. */
	static @Nullable SocketAddress localAddress(Native system, int fd) throws IOException {
		Pointer address = system.memory(MAX_SIZE);
		Pointer length = system.intValue(MAX_SIZE);
		if (system.libc().getsockname(fd, address, length) != 0) {
			return null;
		}
		int family = address.getShort(0);
		return switch (family) {
			case AF_INET -> new InetSocketAddress(inet(address, 4, 4), port(address));
			case AF_INET6 -> new InetSocketAddress(inet(address, 8, 16), port(address));
			case AF_UNIX -> unix(address, length.getInt(0));
			default -> null;
		};
	}

	/** The family of the socket at an address, as the JDK names it. */
	static StandardProtocolFamily family(Native system, int fd) throws IOException {
		Pointer address = system.memory(MAX_SIZE);
		Pointer length = system.intValue(MAX_SIZE);
		system.check("getsockname", (libc) -> libc.getsockname(fd, address, length));
		int family = address.getShort(0);
		return switch (family) {
			case AF_INET -> StandardProtocolFamily.INET;
			case AF_INET6 -> StandardProtocolFamily.INET6;
			case AF_UNIX -> StandardProtocolFamily.UNIX;
			default -> throw new IOException("descriptor " + fd + " has the unknown address family " + family);
		};
	}

	/** Whether two addresses are the same, the IPv4 and the IPv6 wildcard being one. */
	static boolean same(SocketAddress one, SocketAddress other) {
		if (one instanceof InetSocketAddress a && other instanceof InetSocketAddress b) {
			boolean wildcards = a.getAddress().isAnyLocalAddress() && b.getAddress().isAnyLocalAddress();
			return a.getPort() == b.getPort() && (wildcards || a.getAddress().equals(b.getAddress()));
		}
		return one.equals(other);
	}

	/** A name in the abstract namespace, as bind(2) takes it; its size counts. */
	static Pointer abstractName(Native system, String name) throws IOException {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		if (bytes.length > MAX_PATH) {
			throw new IOException("An abstract name has at most " + MAX_PATH + " bytes: @" + name);
		}
		Pointer address = system.memory(PATH_OFFSET + 1 + bytes.length);
		address.putShort(0, (short) AF_UNIX);
		address.put(PATH_OFFSET + 1, bytes, 0, bytes.length);
		return address;
	}

	static Pointer unix(Native system, Path path) throws IOException {
		byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
		if (bytes.length > MAX_PATH) {
			throw new IOException("The path of a Unix socket has at most " + MAX_PATH + " bytes: " + path);
		}
		Pointer address = system.memory(PATH_OFFSET + MAX_PATH + 1);
		address.putShort(0, (short) AF_UNIX);
		address.put(PATH_OFFSET, bytes, 0, bytes.length);
		return address;
	}

	static int unixSize() {
		return PATH_OFFSET + MAX_PATH + 1;
	}

	private static int port(Pointer address) {
		short port = address.getShort(2);
		return Short
			.toUnsignedInt((ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) ? Short.reverseBytes(port) : port);
	}

	private static InetAddress inet(Pointer address, int offset, int size) throws IOException {
		byte[] bytes = new byte[size];
		address.get(offset, bytes, 0, size);
		return InetAddress.getByAddress(bytes);
	}

	private static SocketAddress unix(Pointer address, int length) {
		byte[] bytes = new byte[Math.max(0, length - PATH_OFFSET)];
		address.get(PATH_OFFSET, bytes, 0, bytes.length);
		if (bytes.length > 1 && bytes[0] == 0) {
			// The abstract namespace: written with @, as everywhere.
			return UnixDomainSocketAddress.of("@" + new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
		}
		int end = 0;
		while (end < bytes.length && bytes[end] != 0) {
			end++;
		}
		return UnixDomainSocketAddress.of(new String(bytes, 0, end, StandardCharsets.UTF_8));
	}

}
