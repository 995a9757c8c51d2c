package io.gozd.fcgi;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The parameters of a request as they were sent: pairs of names and values (FastCGI 1.0,
 * 3.4), in order, with repetitions. Not changed once it is there.
 */
public final class Params {

	private static final int INTS = 4;

	private final byte[] bytes;

	/** Of each pair: where the name begins, its length, and the same of the value. */
	private final int[] pairs;

	private final int size;

	private Params(byte[] bytes, int[] pairs, int size) {
		this.bytes = bytes;
		this.pairs = pairs;
		this.size = size;
	}

	/**
	 * Decode pairs.
	 * @param bytes the pairs, not changed any more
	 * @param max how many pairs there may be
	 * @return them
	 * @throws FcgiException if there are more, or one is not whole
	 */
	static Params decode(byte[] bytes, int max) throws FcgiException {
		int[] pairs = new int[INTS * 32];
		int size = 0;
		int position = 0;
		while (position < bytes.length) {
			if (size == max) {
				throw new FcgiException("More than " + max + " parameters");
			}
			int nameLength = length(bytes, position);
			position += widthOfLength(bytes, position);
			int valueLength = length(bytes, position);
			position += widthOfLength(bytes, position);
			// Compared with what is left: a sum could be more than an int.
			int left = bytes.length - position;
			if (nameLength > left || valueLength > left - nameLength) {
				throw new FcgiException("A parameter is longer than what was sent");
			}
			if (size * INTS == pairs.length) {
				pairs = Arrays.copyOf(pairs, pairs.length * 2);
			}
			pairs[size * INTS] = position;
			pairs[size * INTS + 1] = nameLength;
			pairs[size * INTS + 2] = position + nameLength;
			pairs[size * INTS + 3] = valueLength;
			size++;
			position += nameLength + valueLength;
		}
		return new Params(bytes, pairs, size);
	}

	private static int widthOfLength(byte[] bytes, int position) {
		return (bytes[position] >= 0) ? 1 : 4;
	}

	private static int length(byte[] bytes, int position) throws FcgiException {
		if (position >= bytes.length || bytes.length - position < widthOfLength(bytes, position)) {
			throw new FcgiException("The length of a parameter is cut off");
		}
		if (bytes[position] >= 0) {
			return bytes[position];
		}
		return (bytes[position] & 0x7f) << 24 | (bytes[position + 1] & 0xff) << 16 | (bytes[position + 2] & 0xff) << 8
				| (bytes[position + 3] & 0xff);
	}

	/**
	 * Return how many there are.
	 * @return the number of pairs
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Return a name.
	 * @param index which, from 0
	 * @return its bytes, each as one character
	 */
	public String name(int index) {
		return new String(this.bytes, this.pairs[index * INTS], this.pairs[index * INTS + 1],
				StandardCharsets.ISO_8859_1);
	}

	/**
	 * Return a value.
	 * @param index which, from 0
	 * @return its bytes, each as one character
	 */
	public String value(int index) {
		return new String(this.bytes, valueOffset(index), valueLength(index), StandardCharsets.ISO_8859_1);
	}

	/**
	 * Return the bytes where the values are.
	 * @return the bytes themselves, not to be changed
	 */
	public byte[] array() {
		return this.bytes;
	}

	/**
	 * Return where a value begins.
	 * @param index which, from 0
	 * @return the index of its first byte in {@link #array()}
	 */
	public int valueOffset(int index) {
		return this.pairs[index * INTS + 2];
	}

	/**
	 * Return how long a value is.
	 * @param index which, from 0
	 * @return its length in bytes
	 */
	public int valueLength(int index) {
		return this.pairs[index * INTS + 3];
	}

	String text(int offset, int length) {
		return new String(this.bytes, offset, length, StandardCharsets.UTF_8);
	}

	String nameText(int index) {
		return text(this.pairs[index * INTS], this.pairs[index * INTS + 1]);
	}

	String valueText(int index) {
		return text(valueOffset(index), valueLength(index));
	}

}
