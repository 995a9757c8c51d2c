package io.gozd.directive;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * The name of a property below {@code gozd.directives}, taken apart. Files and options
 * name an id as it is, or in brackets where it has dots:
 * {@code gozd.directives[my.id].address}. An environment variable has neither case nor
 * punctuation: {@code GOZD_DIRECTIVES_TCP_SOCK_MAX_CONNECTIONS} means the directive
 * {@code tcp_sock}, {@code tcp-sock} or {@code tcpSock} where there is one, else it makes
 * {@code tcp_sock}.
 *
 * @param id the id as spelled, or null if the name is {@code gozd.directives} alone
 * @param property what follows, or nothing
 */
record DirectiveName(@Nullable String id, String property) {

	static final String PREFIX = "gozd.directives";

	private static final List<String> WORDS = List.of("gozd", "directives");

	/** The name of a property in a file or an option; null if it is none of ours. */
	static @Nullable DirectiveName of(String name) {
		List<String> parts = startsLikeOurs(name) ? split(name) : List.of();
		if (!isOurs(parts)) {
			return null;
		}
		return (parts.size() == 2) ? new DirectiveName(null, "")
				: new DirectiveName(parts.get(2), property(parts.subList(3, parts.size())));
	}

	/** As in the name, only that the entry of a list is in brackets in any case. */
	private static String property(List<String> parts) {
		StringBuilder property = new StringBuilder();
		for (String part : parts) {
			boolean index = !part.isEmpty() && part.chars().allMatch(Character::isDigit);
			property.append((property.isEmpty() || index) ? "" : ".").append(index ? "[" + part + "]" : part);
		}
		return property.toString();
	}

	/** The name of an environment variable; null if it is none of ours. */
	static @Nullable DirectiveName ofVariable(String name) {
		List<String> words = startsLikeOurs(name)
				? Arrays.stream(name.toLowerCase(Locale.ROOT).split("_")).filter((word) -> !word.isEmpty()).toList()
				: List.of();
		if (!isOurs(words)) {
			return null;
		}
		if (words.size() == 2) {
			return new DirectiveName(null, "");
		}
		words = words.subList(2, words.size());
		for (int count = Math.min(DirectiveProperty.MAX_WORDS, words.size() - 1); count > 0; count--) {
			int end = words.size() - count;
			DirectiveProperty property = DirectiveProperty.ofWords(words.subList(end, words.size()));
			if (property != null) {
				return new DirectiveName(String.join("_", words.subList(0, end)), property.key());
			}
		}
		return new DirectiveName(words.get(0), String.join(".", words.subList(1, words.size())));
	}

	/** What makes two spellings the same id: its letters and digits. */
	static String relaxed(String id) {
		String relaxed = id.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
		return relaxed.isEmpty() ? id : relaxed;
	}

	private static boolean startsLikeOurs(String name) {
		return name.regionMatches(true, 0, WORDS.get(0), 0, WORDS.get(0).length());
	}

	private static boolean isOurs(List<String> parts) {
		return parts.size() >= 2 && relaxed(parts.get(0)).equals(WORDS.get(0))
				&& relaxed(parts.get(1)).equals(WORDS.get(1));
	}

	private static List<String> split(String name) {
		List<String> parts = new ArrayList<>();
		int position = 0;
		while (position <= name.length()) {
			int end;
			if (name.startsWith("[", position)) {
				end = name.indexOf(']', position);
				end = (end != -1) ? end : name.length();
				parts.add(name.substring(position + 1, end++));
				if (end >= name.length()) {
					return parts;
				}
			}
			else {
				end = position;
				while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
					end++;
				}
				parts.add(name.substring(position, end));
			}
			position = (end < name.length() && name.charAt(end) == '[') ? end : end + 1;
		}
		return parts;
	}

}
