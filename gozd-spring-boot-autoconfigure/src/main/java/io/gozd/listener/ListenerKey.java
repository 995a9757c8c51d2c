package io.gozd.listener;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * What makes a listener the same in two generations: its network and its address as
 * configured, not its name. Only port 0 (any port that is free) says nothing, so there
 * the name counts as well.
 *
 * @param value the key as it is sent to the successor, such as {@code tcp:127.0.0.1:8080}
 */
public record ListenerKey(String value) {

	/**
	 * Return the key of an address.
	 * @param id the name of the directive
	 * @param address the address as configured
	 * @return its key
	 */
	public static ListenerKey of(String id, SocketAddress address) {
		if (!(address instanceof InetSocketAddress inet)) {
			return new ListenerKey("unix:" + address);
		}
		String host = inet.getAddress().isAnyLocalAddress() ? "*" : inet.getAddress().getHostAddress();
		String suffix = (inet.getPort() != 0) ? "" : "#" + id;
		return new ListenerKey("tcp:" + host + ":" + inet.getPort() + suffix);
	}

	@Override
	public String toString() {
		return this.value;
	}

}
