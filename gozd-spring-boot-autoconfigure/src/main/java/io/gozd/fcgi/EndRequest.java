package io.gozd.fcgi;

import java.nio.ByteBuffer;

/**
 * The record that ends a request (FastCGI 1.0, 5.5).
 *
 * @param id whose request
 * @param status how it ended
 */
public record EndRequest(int id, Status status) {

	/** Of the whole record, in bytes. */
	public static final int SIZE = RecordHeader.SIZE + 8;

	/** How a request ended. */
	public enum Status {

		/** It was answered. */
		REQUEST_COMPLETE,

		/** Another request runs on the connection. */
		CANT_MPX_CONN,

		/** There is no room for it. */
		OVERLOADED,

		/** It asks for something else than a response. */
		UNKNOWN_ROLE

	}

	/**
	 * Write it.
	 * @param output has room for 16 bytes
	 */
	public void put(ByteBuffer output) {
		new RecordHeader(RecordType.END_REQUEST, this.id, 8).put(output);
		// The status of an application is what its process would exit with.
		output.putInt(0).put((byte) this.status.ordinal()).put(new byte[3]);
	}

	ByteBuffer toBytes() {
		ByteBuffer bytes = ByteBuffer.allocate(SIZE);
		put(bytes);
		return bytes.flip();
	}

}
