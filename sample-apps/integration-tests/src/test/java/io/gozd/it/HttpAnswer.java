package io.gozd.it;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole answer of a daemon.
 *
 * @param status its status code
 * @param headers its headers, the names in lower case
 * @param body its body
 */
record HttpAnswer(int status, Map<String, String> headers, String body) {

	private static final Pattern IDENTITY = Pattern.compile("pid=(\\d+) gen=(\\d+) version=(\\S+)");

	/**
	 * Whether it says who answered, and nothing else.
	 */
	boolean isIdentity() {
		return identity().matches();
	}

	long pid() {
		return Long.parseLong(part(1));
	}

	int generation() {
		return Integer.parseInt(part(2));
	}

	String version() {
		return part(3);
	}

	boolean closesConnection() {
		return this.headers.getOrDefault("connection", "").toLowerCase().contains("close");
	}

	private String part(int group) {
		Matcher identity = identity();
		if (!identity.matches()) {
			throw new AssertionError("Not the answer of a daemon: " + this);
		}
		return identity.group(group);
	}

	private Matcher identity() {
		return IDENTITY.matcher(this.body);
	}

}
