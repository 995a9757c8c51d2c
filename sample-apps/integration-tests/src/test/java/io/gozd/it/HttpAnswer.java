package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A whole answer of a daemon.
 *
 * @param status its status code
 * @param headers its headers, the names in lower case
 * @param body its body
 */
record HttpAnswer(int status, Map<String, String> headers, String body) implements Answer {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private static final Pattern IDENTITY = Pattern
		.compile("pid=(\\d+) gen=(\\d+) (?:version=(\\S+)|token=(\\S+)|scheme=\\S+ remote=\\S+)");

	/**
	 * The answer to a request on a connection of its own.
	 */
	static HttpAnswer of(Endpoint endpoint) throws IOException {
		return of(endpoint, LIMIT);
	}

	/**
	 * The same, where a process that is to answer has perhaps to start first.
	 */
	static HttpAnswer afterStart(Endpoint endpoint) throws IOException {
		return of(endpoint, DaemonProcess.START_LIMIT);
	}

	private static HttpAnswer of(Endpoint endpoint, Duration limit) throws IOException {
		try (HttpConnection connection = HttpConnection.open(endpoint, limit)) {
			return connection.exchange(HttpRequest.get("/").onFreshConnection());
		}
	}

	/**
	 * Whether it says who answered, and nothing else.
	 */
	boolean isIdentity() {
		return identity().matches();
	}

	@Override
	public long pid() {
		return Long.parseLong(part(1));
	}

	@Override
	public int generation() {
		return Integer.parseInt(part(2));
	}

	@Nullable String version() {
		return part(3);
	}

	/**
	 * What the client has sent.
	 */
	@Nullable String token() {
		return part(4);
	}

	boolean closesConnection() {
		return this.headers.getOrDefault("connection", "").toLowerCase().contains("close");
	}

	private @Nullable String part(int group) {
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
