package io.gozd.listener;

import java.net.InetSocketAddress;

/**
 * What makes a listener the same in two generations: its network and its address as
 * configured, not its name. Only port 0 (any port that is free) says nothing, so there
 * the name counts as well.
 *
 * @param value the key as it is sent to the successor, such as {@code tcp:127.0.0.1:8080}
 */
public record ListenerKey(String value) {

	/**
	 * Return the key of a TCP address.
	 * @param id the name of the directive
	 * @param address the address as configured
	 * @return its key
	 */
	public static ListenerKey tcp(String id, InetSocketAddress address) {
		String host = address.getAddress().isAnyLocalAddress() ? "*" : address.getAddress().getHostAddress();
		String suffix = (address.getPort() != 0) ? "" : "#" + id;
		return new ListenerKey("tcp:" + host + ":" + address.getPort() + suffix);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
