package io.gozd.fcgi;

import java.nio.ByteBuffer;

/**
 * What every record begins with (FastCGI 1.0, 3.3).
 *
 * @param type what kind of record
 * @param id whose request, or 0 for a record of the connection
 * @param contentLength how many bytes of content follow
 * @param paddingLength how many bytes follow the content that mean nothing
 */
public record RecordHeader(int type, int id, int contentLength, int paddingLength) {

	/** In bytes. */
	public static final int SIZE = 8;

	/** The most content that a record may have, so that it ends at a multiple of 8. */
	public static final int MAX_CONTENT = 65528;

	private static final int VERSION = 1;

	/**
	 * Create a header.
	 */
	public RecordHeader {
		if (contentLength < 0 || contentLength > 0xffff || paddingLength < 0 || paddingLength > 0xff) {
			throw new IllegalArgumentException("A record can't have " + contentLength + " and " + paddingLength);
		}
	}

	/**
	 * Create the header of a record without padding.
	 * @param type what kind of record
	 * @param id whose request
	 * @param contentLength how many bytes of content follow
	 */
	public RecordHeader(int type, int id, int contentLength) {
		this(type, id, contentLength, 0);
	}

	/**
	 * Read the header that is next in a buffer, and leave it there.
	 * @param input has 8 bytes at least
	 * @return the header
	 * @throws FcgiException if it is of another version
	 */
	static RecordHeader peek(ByteBuffer input) throws FcgiException {
		int position = input.position();
		if (input.get(position) != VERSION) {
			throw new FcgiException("A record of version " + (input.get(position) & 0xff) + ", not 1");
		}
		return new RecordHeader(input.get(position + 1) & 0xff, input.getShort(position + 2) & 0xffff,
				input.getShort(position + 4) & 0xffff, input.get(position + 6) & 0xff);
	}

	/**
	 * Write it.
	 * @param output has room for 8 bytes
	 */
	public void put(ByteBuffer output) {
		output.put((byte) VERSION)
			.put((byte) this.type)
			.putShort((short) this.id)
			.putShort((short) this.contentLength)
			.put((byte) this.paddingLength)
			.put((byte) 0);
	}

}
