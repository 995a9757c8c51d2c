package io.gozd.listener;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One entry under {@code gozd.directives}, valid in itself.
 *
 * @param id its name
 * @param address where it listens: a TCP address, or a Unix socket, whose path begins
 * with {@code @} where it is a name in Linux's abstract namespace
 * @param protocol what is spoken
 * @param mode who may connect to a Unix socket that has a path
 * @param backlog how many connections may wait to be accepted
 * @param maxConnections how many connections of raw TCP may be open at once
 * @param sslBundle the SSL bundle of HTTPS
 * @param clientAuth whether clients show a certificate: {@code none}, {@code want} or
 * {@code need}; null for what the bundle says
 * @param fcgi how FastCGI is spoken
 */
public record Directive(String id, SocketAddress address, Protocol protocol, Set<PosixFilePermission> mode, int backlog,
		int maxConnections, @Nullable String sslBundle, @Nullable String clientAuth, FcgiSettings fcgi) {

	/**
	 * Create a directive that does not speak FastCGI, or speaks it as it is by default.
	 * @param id its name
	 * @param address where it listens
	 * @param protocol what is spoken
	 * @param mode who may connect to a Unix socket that has a path
	 * @param backlog how many connections may wait to be accepted
	 * @param maxConnections how many connections of raw TCP may be open at once
	 * @param sslBundle the SSL bundle of HTTPS
	 * @param clientAuth whether clients show a certificate
	 */
	public Directive(String id, SocketAddress address, Protocol protocol, Set<PosixFilePermission> mode, int backlog,
			int maxConnections, @Nullable String sslBundle, @Nullable String clientAuth) {
		this(id, address, protocol, mode, backlog, maxConnections, sslBundle, clientAuth, FcgiSettings.DEFAULTS);
	}

	/**
	 * Return what its listener is known by.
	 * @return the key
	 */
	public ListenerKey key() {
		return ListenerKey.of(this.id, this.address);
	}

	/**
	 * Return whether it listens on TCP.
	 * @return whether its network is TCP, not Unix
	 */
	public boolean isTcp() {
		return this.address instanceof InetSocketAddress;
	}

}
