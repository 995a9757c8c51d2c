package io.gozd.listener;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Directives as tests want them.
 */
final class SomeDirective {

	static final int BACKLOG = 50;

	private SomeDirective() {
	}

	static Directive tcp(String id, InetSocketAddress address) {
		return of(id, address, "rw-rw-rw-", BACKLOG);
	}

	/** On any port of the loopback address. */
	static Directive tcp(String id) {
		return tcp(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	static Directive unix(String id, Path path) {
		return unix(id, path, "rw-rw-rw-");
	}

	static Directive unix(String id, Path path, String mode) {
		return of(id, UnixDomainSocketAddress.of(path), mode, BACKLOG);
	}

	static Directive of(String id, SocketAddress address, String mode, int backlog) {
		return new Directive(id, address, Protocol.TCP, mode(mode), backlog, 100, null, null);
	}

	static Set<PosixFilePermission> mode(String mode) {
		return PosixFilePermissions.fromString(mode);
	}

}
