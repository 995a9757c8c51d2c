package io.gozd.listener;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

/**
 * A listener that the incumbent passed on and that nobody has claimed yet.
 *
 * @param key what it is known by
 * @param address where it listens
 * @param descriptor its descriptor in this process
 */
public record InheritedListener(ListenerKey key, SocketAddress address, int descriptor) {

	/**
	 * Write an address so that {@link #parse(String)} reads it.
	 * @param address an address of TCP
	 * @return its numeric form
	 */
	public static String format(SocketAddress address) {
		InetSocketAddress inet = (InetSocketAddress) address;
		return inet.getAddress().getHostAddress() + " " + inet.getPort();
	}

	/**
	 * Read an address that {@link #format(SocketAddress)} has written.
	 * @param text its numeric form
	 * @return the address
	 */
	public static SocketAddress parse(String text) {
		int blank = text.lastIndexOf(' ');
		try {
			InetAddress address = InetAddress.getByName(text.substring(0, blank));
			return new InetSocketAddress(address, Integer.parseInt(text.substring(blank + 1)));
		}
		catch (UnknownHostException | RuntimeException ex) {
			throw new IllegalArgumentException("Not the address of a listener: '" + text + "'", ex);
		}
	}

}
