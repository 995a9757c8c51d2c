package io.gozd.listener;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

/**
 * The address of a socket as it is sent to a successor.
 */
public final class AddressText {

	private static final String UNIX = "unix ";

	private AddressText() {
	}

	/**
	 * Write an address so that {@link #parse(String)} reads it.
	 * @param address an address of TCP, or of a Unix socket
	 * @return its numeric form, or the path
	 */
	public static String format(SocketAddress address) {
		if (address instanceof InetSocketAddress inet) {
			return inet.getAddress().getHostAddress() + " " + inet.getPort();
		}
		return UNIX + address;
	}

	/**
	 * Read an address that {@link #format(SocketAddress)} has written.
	 * @param text its numeric form, or the path
	 * @return the address
	 */
	public static SocketAddress parse(String text) {
		if (text.startsWith(UNIX)) {
			return UnixDomainSocketAddress.of(text.substring(UNIX.length()));
		}
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
