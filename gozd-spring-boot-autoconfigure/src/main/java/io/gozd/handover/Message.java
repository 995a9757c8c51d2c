package io.gozd.handover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A message of the control protocol: {@code gozd/1 TYPE}, then a line {@code name: value}
 * for each field, in UTF-8. Unknown fields are kept and ignored, so the two ends may be
 * different releases.
 *
 * @param type what it says; a newer release may know more types
 * @param fields its fields, in order
 */
public record Message(String type, Map<String, String> fields) {

	/** The version of the protocol that this release speaks. */
	public static final int VERSION = 1;

	/** Successor: here I am. */
	public static final String HELLO = "HELLO";

	/** Incumbent: these are the listeners; their descriptors follow. */
	public static final String TABLE = "TABLE";

	/** Incumbent: the descriptors that came along belong to the table. */
	public static final String DESCRIPTORS = "DESCRIPTORS";

	/** Successor: everything is started, only the gates are shut. */
	public static final String PREPARED = "PREPARED";

	/** Incumbent: open the gates. */
	public static final String COMMIT = "COMMIT";

	/** Successor: the gates are open. */
	public static final String ACCEPTING = "ACCEPTING";

	/** Incumbent: the daemon is yours. */
	public static final String OWNER = "OWNER";

	/** Incumbent: the reload is off, end. */
	public static final String ABORT = "ABORT";

	/** Successor: I can't start, and end. */
	public static final String FAILED = "FAILED";

	/** Successor on probation: I was told to terminate, do not come back. */
	public static final String TERMINATING = "TERMINATING";

	/** To the incumbent: end in good order. However often it is told. Also the answer. */
	public static final String TERMINATE = "TERMINATE";

	/** To a generation that drains: end at once. */
	public static final String END = "END";

	/** To a generation that drains: the log file was moved away, open it anew. */
	public static final String REOPEN = "REOPEN";

	/** From a process that stays: do as if this signal had come. */
	public static final String SIGNAL = "SIGNAL";

	/** To the incumbent: reload. */
	public static final String RELOAD = "RELOAD";

	/** To the incumbent: reload, and say how it goes. */
	public static final String WATCH = "WATCH";

	/** To who watches: how far it is. Says nothing new where it only shows life. */
	public static final String PROGRESS = "PROGRESS";

	/** To who watches: the daemon is the successor's. */
	public static final String RELOADED = "RELOADED";

	/** To who watches: the reload has failed. */
	public static final String NOT_RELOADED = "NOT-RELOADED";

	/** To who watches: the reload is for another generation to do, ask that one. */
	public static final String MOVED = "MOVED";

	/** To any generation: how are you? Also the answer. */
	public static final String STATUS = "STATUS";

	/** The answer to what can't be done now, but perhaps later. */
	public static final String BUSY = "BUSY";

	/** The answer to what can't be done. */
	public static final String REFUSED = "REFUSED";

	private static final String PROTOCOL = "gozd/";

	public Message {
		fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
	}

	/**
	 * Create a message without fields.
	 * @param type what it says
	 * @return the message
	 */
	public static Message of(String type) {
		return new Message(type, Map.of());
	}

	/**
	 * Create a message that gives a reason.
	 * @param type what it says
	 * @param reason why
	 * @return the message
	 */
	public static Message of(String type, String reason) {
		return new Message(type, Map.of("reason", reason));
	}

	/**
	 * Return a copy with one more field.
	 * @param name its name
	 * @param value its value
	 * @return the copy
	 */
	public Message with(String name, Object value) {
		Map<String, String> more = new LinkedHashMap<>(this.fields);
		more.put(name, value.toString());
		return new Message(this.type, more);
	}

	/**
	 * Return a copy with a list: a field with its length, and one for each entry.
	 * @param name what the list holds
	 * @param values its entries
	 * @return the copy
	 */
	public Message withList(String name, List<String> values) {
		Map<String, String> more = new LinkedHashMap<>(this.fields);
		more.put(name, Integer.toString(values.size()));
		for (int i = 0; i < values.size(); i++) {
			more.put(name + "." + i, values.get(i));
		}
		return new Message(this.type, more);
	}

	/**
	 * Return a list.
	 * @param name what it holds
	 * @return its entries
	 * @throws IOException if there is no such list, or an entry is missing
	 */
	public List<String> list(String name) throws IOException {
		List<String> values = new ArrayList<>();
		for (int i = 0; i < number(name); i++) {
			String value = field(name + "." + i);
			if (value == null) {
				throw new IOException(this.type + " has no '" + name + "." + i + "'");
			}
			values.add(value);
		}
		return values;
	}

	/**
	 * Return a field.
	 * @param name its name
	 * @return its value, or null if the sender does not know it
	 */
	public @Nullable String field(String name) {
		return this.fields.get(name);
	}

	/**
	 * Return a field that holds a number.
	 * @param name its name
	 * @return its value
	 * @throws IOException if it is missing or no number
	 */
	public int number(String name) throws IOException {
		String value = this.fields.get(name);
		try {
			return Integer.parseInt((value != null) ? value : "");
		}
		catch (NumberFormatException ex) {
			throw new IOException(this.type + " has no number '" + name + "'");
		}
	}

	byte[] encode() {
		StringBuilder text = new StringBuilder(PROTOCOL).append(VERSION).append(' ').append(this.type).append('\n');
		this.fields.forEach((name, value) -> text.append(name).append(": ").append(escape(value)).append('\n'));
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

	static Message decode(byte[] bytes) throws IOException {
		String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
		String[] first = (lines.length > 0) ? lines[0].split(" ") : lines;
		if (first.length < 2 || !first[0].startsWith(PROTOCOL)) {
			throw new IOException("Not a message of gozd");
		}
		if (!first[0].equals(PROTOCOL + VERSION)) {
			throw new IOException("The peer speaks " + first[0] + ", this release speaks " + PROTOCOL + VERSION);
		}
		Map<String, String> fields = new LinkedHashMap<>();
		for (int i = 1; i < lines.length; i++) {
			int colon = lines[i].indexOf(": ");
			if (colon < 1) {
				throw new IOException("Not a field of a message: line " + (i + 1));
			}
			fields.put(lines[i].substring(0, colon), unescape(lines[i].substring(colon + 2)));
		}
		return new Message(first[1], fields);
	}

	private static String escape(String value) {
		return value.replace("\\", "\\\\").replace("\n", "\\n");
	}

	private static String unescape(String value) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c == '\\' && i + 1 < value.length()) {
				c = (value.charAt(++i) == 'n') ? '\n' : value.charAt(i);
			}
			text.append(c);
		}
		return text.toString();
	}

}
