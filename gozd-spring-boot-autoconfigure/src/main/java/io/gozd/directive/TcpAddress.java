package io.gozd.directive;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Reads an address of TCP: {@code host:port}, {@code :port}, {@code *:port},
 * {@code [v6]:port}. Names are resolved now.
 */
final class TcpAddress {

	private static final int MAX_PORT = 65535;

	private static final String EXAMPLES = "Write host:port, [IPv6 address]:port, or :port for every address of this"
			+ " machine";

	private TcpAddress() {
	}

	/**
	 * Read an address.
	 * @param text the text, not blank
	 * @return the address; its port may be 0, which means any port that is free
	 * @throws InvalidValueException if it is none, or its host has no address
	 */
	static InetSocketAddress parse(String text) throws InvalidValueException {
		if (text.contains("://")) {
			throw new InvalidValueException("That is a URL, not an address", EXAMPLES);
		}
		if (text.startsWith("[")) {
			return parseBracketed(text);
		}
		int colon = text.lastIndexOf(':');
		if (text.substring(0, Math.max(colon, 0)).indexOf(':') >= 0) {
			throw withoutBrackets(text, colon);
		}
		if (colon < 0) {
			throw withoutPort(text);
		}
		String host = text.substring(0, colon);
		int port = port(text.substring(colon + 1));
		return (host.isEmpty() || host.equals("*")) ? new InetSocketAddress(port)
				: new InetSocketAddress(resolve(host), port);
	}

	private static InetSocketAddress parseBracketed(String text) throws InvalidValueException {
		int end = text.indexOf(']');
		String host = text.substring(1, Math.max(end, 1));
		if (host.indexOf(':') < 0) {
			throw new InvalidValueException("There is no IPv6 address in brackets", EXAMPLES);
		}
		String rest = text.substring(end + 1);
		if (!rest.startsWith(":")) {
			throw new InvalidValueException("The port is missing",
					"Write " + text.substring(0, end + 1) + ":8080, say");
		}
		int port = port(rest.substring(1));
		try {
			// In brackets it is taken for a number, or refused: never looked up.
			return new InetSocketAddress(InetAddress.getByName("[" + host + "]"), port);
		}
		catch (UnknownHostException ex) {
			throw new InvalidValueException(
					"'" + host + "' is no IPv6 address, or its scope is no interface of this machine", EXAMPLES);
		}
	}

	private static InvalidValueException withoutBrackets(String text, int colon) {
		boolean hasPort = text.charAt(colon - 1) != ':' && colon < text.length() - 1;
		return new InvalidValueException("An IPv6 address is written in brackets",
				hasPort ? "Write [" + text.substring(0, colon) + "]" + text.substring(colon) + " if the port is in it"
						: "Write [" + text + "]:8080, say");
	}

	private static InvalidValueException withoutPort(String text) {
		if (text.chars().allMatch(Character::isDigit)) {
			return new InvalidValueException("A port alone has a colon before it", "Write :" + text);
		}
		if (text.indexOf('/') >= 0) {
			return UnixAddress.relative();
		}
		return new InvalidValueException("The port is missing", "Write " + text + ":8080, say");
	}

	private static int port(String text) throws InvalidValueException {
		if (text.isEmpty()) {
			throw new InvalidValueException("The port is missing", "Write it after the colon");
		}
		try {
			int port = Integer.parseInt(text);
			if (port >= 0 && port <= MAX_PORT) {
				return port;
			}
		}
		catch (NumberFormatException ex) {
			// Said below.
		}
		throw new InvalidValueException("'" + text + "' is no port",
				"A port is a number from 1 to " + MAX_PORT + ", or 0 for any that is free");
	}

	private static InetAddress resolve(String host) throws InvalidValueException {
		try {
			return InetAddress.getByName(host);
		}
		catch (UnknownHostException ex) {
			throw new InvalidValueException("The host '" + host + "' can't be resolved",
					"Check its spelling, the hosts file and the name server, or write a numeric address");
		}
	}

}
