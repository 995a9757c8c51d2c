package io.gozd.fcgi;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/**
 * The head of a response as a CGI script writes it (RFC 3875, 6). What an application
 * puts there can't become another header, nor the end of the head.
 */
public final class ResponseHead {

	/** Of the connection, which is the web server's, and the one that ends the head. */
	private static final Set<String> NOT_OURS = Set.of("status", "connection", "keep-alive", "proxy-connection",
			"transfer-encoding", "te", "trailer", "upgrade");

	private static final String SEPARATORS = "\"(),/:;<=>?@[\\]{}";

	private byte[] bytes = new byte[512];

	private int length;

	/**
	 * Add a header.
	 * @param name its name
	 * @param value its value; characters that no header may have become blanks
	 * @return whether it can be sent: its name is one, and not one of the connection
	 */
	public boolean add(String name, String value) {
		if (!isToken(name) || NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
			return false;
		}
		put(name);
		put(": ");
		put(value);
		put('\r');
		put('\n');
		return true;
	}

	/**
	 * End the head. The status comes last: HAProxy 2.6 takes a Location that follows it
	 * for a redirection of its own.
	 * @param status the status of the response
	 * @return the whole head
	 */
	public ByteBuffer end(int status) {
		put("Status: ");
		put(Integer.toString(status));
		put(' ');
		put(ReasonPhrase.of(status));
		put('\r');
		put('\n');
		put('\r');
		put('\n');
		return ByteBuffer.wrap(this.bytes, 0, this.length);
	}

	private static boolean isToken(String name) {
		return !name.isEmpty()
				&& name.chars().allMatch((c) -> c > ' ' && c < 0x7f && SEPARATORS.indexOf((char) c) == -1);
	}

	private void put(String text) {
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			boolean control = (c < ' ' && c != '\t') || c == 0x7f;
			put(control ? ' ' : (c > 0xff) ? '?' : c);
		}
	}

	private void put(char c) {
		if (this.length == this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, this.length * 2);
		}
		this.bytes[this.length++] = (byte) c;
	}

}
