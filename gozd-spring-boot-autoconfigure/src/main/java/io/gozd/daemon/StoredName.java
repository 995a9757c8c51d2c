package io.gozd.daemon;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.SocketFile;
import org.jspecify.annotations.Nullable;

/**
 * The name of a listener that the service manager keeps: ASCII, printable, without a
 * colon (sd_pid_notify_with_fds(3), FDNAME).
 *
 * @param key the listener
 * @param inode what tells its file from another at the same path, or null if it has none
 */
record StoredName(ListenerKey key, @Nullable String inode) {

	private static final Pattern PATTERN = Pattern.compile("gozd\\|(?:(\\d+)\\.(\\d+)\\|)?(\\D.*)");

	private static final int LONGEST = 255;

	private static final int HEX = 16;

	static StoredName of(Listener listener) {
		return of(listener.key(), listener.file());
	}

	static StoredName of(InheritedListener listener) {
		return of(listener.key(), listener.file());
	}

	private static StoredName of(ListenerKey key, @Nullable SocketFile file) {
		return new StoredName(key, (file != null) ? file.inode() : null);
	}

	/** Read a name, or null if it is none that a daemon has given. */
	static @Nullable StoredName parse(String name) {
		Matcher matcher = PATTERN.matcher(name);
		if (!matcher.matches()) {
			return null;
		}
		String inode = (matcher.group(1) != null) ? matcher.group(1) + ":" + matcher.group(2) : null;
		return new StoredName(new ListenerKey(unescape(matcher.group(3))), inode);
	}

	/** Whether the service manager takes it. */
	boolean isValid() {
		return toString().length() <= LONGEST;
	}

	@Override
	public String toString() {
		return "gozd|" + ((this.inode != null) ? this.inode.replace(':', '.') + "|" : "") + escape(this.key.value());
	}

	private static String escape(String value) {
		StringBuilder text = new StringBuilder();
		for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
			if (each == ':') {
				text.append('|');
			}
			else if (each > ' ' && each < 127 && each != '|' && each != '%') {
				text.append((char) each);
			}
			else {
				text.append("%%%02X".formatted(each));
			}
		}
		return text.toString();
	}

	private static String unescape(String text) {
		ByteArrayOutputStream value = new ByteArrayOutputStream();
		for (int i = 0; i < text.length(); i++) {
			char each = text.charAt(i);
			if (each == '%' && i + 2 < text.length()) {
				int code = Character.digit(text.charAt(i + 1), HEX) * HEX + Character.digit(text.charAt(i + 2), HEX);
				value.write(code);
				i += 2;
			}
			else {
				value.write((each == '|') ? ':' : each);
			}
		}
		return value.toString(StandardCharsets.UTF_8);
	}

}
