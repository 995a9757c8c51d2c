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

	SSL_CLIENT_AUTH("ssl.client-auth");

	/** The most words that an environment variable has for one of them. */
	static final int MAX_WORDS = 3;

	private final String key;

	DirectiveProperty(String key) {
		this.key = key;
	}

	String key() {
		return this.key;
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
		String known = "A directive has "
				+ Arrays.stream(values()).map(DirectiveProperty::key).collect(Collectors.joining(", "));
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
