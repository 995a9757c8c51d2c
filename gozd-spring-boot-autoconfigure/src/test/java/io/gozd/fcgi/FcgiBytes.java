package io.gozd.fcgi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Records as a web server sends them, written without the code that reads them.
 */
public final class FcgiBytes {

	public static final int BEGIN = 1;

	public static final int ABORT = 2;

	public static final int END = 3;

	public static final int PARAMS = 4;

	public static final int STDIN = 5;

	public static final int STDOUT = 6;

	public static final int STDERR = 7;

	public static final int GET_VALUES = 9;

	public static final int KEEP = 1;

	private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

	public FcgiBytes raw(int... values) {
		for (int value : values) {
			this.bytes.write(value);
		}
		return this;
	}

	public FcgiBytes record(int type, int id, byte[] content, int padding) {
		raw(1, type, id >> 8, id, content.length >> 8, content.length, padding, 0);
		this.bytes.writeBytes(content);
		byte[] noise = new byte[padding];
		Arrays.fill(noise, (byte) 0xa5);
		this.bytes.writeBytes(noise);
		return this;
	}

	public FcgiBytes record(int type, int id, byte[] content) {
		return record(type, id, content, 0);
	}

	public FcgiBytes begin(int id, int role, int flags) {
		return record(BEGIN, id, new byte[] { (byte) (role >> 8), (byte) role, (byte) flags, 0, 0, 0, 0, 0 });
	}

	/** Begin a request for a response. */
	public FcgiBytes begin(int id, boolean keep) {
		return begin(id, 1, keep ? KEEP : 0);
	}

	/** The parameters, and the end of them. */
	public FcgiBytes params(int id, String... namesAndValues) {
		byte[] pairs = pairs(namesAndValues);
		for (int at = 0; at < pairs.length; at += 65535) {
			record(PARAMS, id, Arrays.copyOfRange(pairs, at, Math.min(at + 65535, pairs.length)));
		}
		return record(PARAMS, id, new byte[0]);
	}

	/** The body, and the end of it. */
	public FcgiBytes body(int id, byte[] body) {
		for (int at = 0; at < body.length; at += 32768) {
			record(STDIN, id, Arrays.copyOfRange(body, at, Math.min(at + 32768, body.length)));
		}
		return record(STDIN, id, new byte[0]);
	}

	public byte[] toByteArray() {
		return this.bytes.toByteArray();
	}

	public static byte[] text(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	public static byte[] pairs(String... namesAndValues) {
		FcgiBytes pairs = new FcgiBytes();
		for (int i = 0; i < namesAndValues.length; i += 2) {
			byte[] name = text(namesAndValues[i]);
			byte[] value = text(namesAndValues[i + 1]);
			pairs.length(name.length).length(value.length).bytes.writeBytes(name);
			pairs.bytes.writeBytes(value);
		}
		return pairs.toByteArray();
	}

	private FcgiBytes length(int length) {
		return (length < 128) ? raw(length) : raw(0x80 | length >> 24, length >> 16, length >> 8, length);
	}

}
