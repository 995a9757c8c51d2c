package io.gozd.command;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * An object of JSON (RFC 8259) that is written field after field. The application may
 * have no library for that.
 */
final class Json {

	private final StringBuilder text = new StringBuilder();

	Json with(String name, @Nullable String value) {
		return raw(name, (value != null) ? quote(value) : "null");
	}

	Json with(String name, long value) {
		return raw(name, Long.toString(value));
	}

	Json with(String name, boolean value) {
		return raw(name, Boolean.toString(value));
	}

	Json with(String name, Json value) {
		return raw(name, value.toString());
	}

	Json with(String name, List<Json> values) {
		return raw(name, values.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
	}

	private Json raw(String name, String value) {
		this.text.append(this.text.isEmpty() ? "" : ",").append(quote(name)).append(':').append(value);
		return this;
	}

	private static String quote(String value) {
		StringBuilder quoted = new StringBuilder("\"");
		for (char c : value.toCharArray()) {
			switch (c) {
				case '"', '\\' -> quoted.append('\\').append(c);
				case '\n' -> quoted.append("\\n");
				default -> quoted.append((c < ' ') ? String.format("\\u%04x", (int) c) : String.valueOf(c));
			}
		}
		return quoted.append('"').toString();
	}

	@Override
	public String toString() {
		return "{" + this.text + "}";
	}

}
