package io.gozd.directive;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What can be said of a directive.
 */
enum DirectiveProperty {

	NETWORK("network"),

	ADDRESS("address"),

	CHMOD("chmod"),

	BACKLOG("backlog"),

	MAX_CONNECTIONS("max-connections"),

	PROTOCOL("protocol"),

	SSL_BUNDLE("ssl.bundle"),

	SSL_CLIENT_AUTH("ssl.client-auth"),

	FCGI_PARAMS_TIMEOUT("fcgi.params-timeout"),

	FCGI_READ_TIMEOUT("fcgi.read-timeout"),

	FCGI_IDLE_TIMEOUT("fcgi.idle-timeout"),

	FCGI_MAX_PARAMS_SIZE("fcgi.max-params-size"),

	FCGI_MAX_PARAMS("fcgi.max-params"),

	FCGI_MAX_HEADERS("fcgi.max-headers"),

	FCGI_MAX_SWALLOW_SIZE("fcgi.max-swallow-size"),

	FCGI_URI_SOURCE("fcgi.uri-source"),

	FCGI_HOST_PORT("fcgi.host-port"),

	FCGI_TRUST_REMOTE_USER("fcgi.trust-remote-user"),

	FCGI_TRUST_SSL("fcgi.trust-ssl"),

	FCGI_REPORT_ERRORS("fcgi.report-errors"),

	FCGI_WEB_SERVERS("fcgi.web-servers");

	/** The most words that an environment variable has for one of them. */
	static final int MAX_WORDS = 4;

	private static final String FCGI = "fcgi.";

	private final String key;

	DirectiveProperty(String key) {
		this.key = key;
	}

	String key() {
		return this.key;
	}

	/** Whether only directives that speak FastCGI have it. */
	boolean isOfFcgi() {
		return this.key.startsWith(FCGI);
	}

	/**
	 * The property that is meant in Spring Boot's relaxed way, {@code maxConnections}.
	 */
	static @Nullable DirectiveProperty of(String name) {
		return find(relaxed(name, "[^a-z0-9.]"), "[^a-z0-9.]");
	}

	/** The property that some words of an environment variable mean. */
	static @Nullable DirectiveProperty ofWords(List<String> words) {
		return find(relaxed(String.join("", words), "[^a-z0-9]"), "[^a-z0-9]");
	}

	private static @Nullable DirectiveProperty find(String wanted, String ignored) {
		for (DirectiveProperty property : values()) {
			if (relaxed(property.key, ignored).equals(wanted)) {
				return property;
			}
		}
		return null;
	}

	private static String relaxed(String name, String ignored) {
		return name.toLowerCase(Locale.ROOT).replaceAll(ignored, "");
	}

	/** What to do about a property that there is not. */
	static String remedy(String unknown) {
		boolean ofFcgi = unknown.toLowerCase(Locale.ROOT).startsWith(FCGI);
		String known = "A directive has " + Arrays.stream(values())
			.filter((property) -> property.isOfFcgi() == ofFcgi)
			.map(DirectiveProperty::key)
			.collect(Collectors.joining(", ")) + (ofFcgi ? "" : ", and for FastCGI " + FCGI + "*");
		String nearest = nearest(unknown);
		return (nearest != null) ? "Did you mean " + nearest + "? " + known : known;
	}

	private static @Nullable String nearest(String unknown) {
		String nearest = null;
		int least = Integer.MAX_VALUE;
		for (DirectiveProperty property : values()) {
			if (property.key.startsWith(unknown + ".") || unknown.startsWith(property.key + ".")
					|| unknown.startsWith(property.key + "[")) {
				return property.key;
			}
			int distance = distance(unknown.toLowerCase(Locale.ROOT), property.key);
			if (distance < least && distance <= property.key.length() / 2) {
				nearest = property.key;
				least = distance;
			}
		}
		return nearest;
	}

	/** How many characters are to be changed to make one word of the other. */
	private static int distance(String one, String other) {
		int[] previous = new int[other.length() + 1];
		Arrays.setAll(previous, (i) -> i);
		for (int i = 1; i <= one.length(); i++) {
			int[] current = new int[other.length() + 1];
			current[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = previous[j - 1] + ((one.charAt(i - 1) == other.charAt(j - 1)) ? 0 : 1);
				current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
			}
			previous = current;
		}
		return previous[other.length()];
	}

}
