package io.gozd.fcgi;

import java.nio.ByteBuffer;

/**
 * What the record that begins a request says (FastCGI 1.0, 5.1).
 *
 * @param role what is asked for
 * @param keepsConnection whether the web server closes the connection, not the
 * application
 */
record BeginRequest(int role, boolean keepsConnection) {

	/** Of its content, in bytes. */
	static final int SIZE = 8;

	static final int RESPONDER = 1;

	private static final int KEEP_CONN = 1;

	/** Read the content that is next in a buffer of 8 bytes at least. */
	static BeginRequest take(ByteBuffer input) {
		BeginRequest begin = new BeginRequest(input.getShort() & 0xffff, (input.get() & KEEP_CONN) != 0);
		input.position(input.position() + SIZE - 3);
		return begin;
	}

}
