package io.gozd.fcgi;

import java.nio.ByteBuffer;

/**
 * The answer to a record of the connection that nobody knows (FastCGI 1.0, 4.2).
 *
 * @param type the type of that record
 */
record UnknownType(int type) {

	ByteBuffer toBytes() {
		ByteBuffer bytes = ByteBuffer.allocate(RecordHeader.SIZE + 8);
		new RecordHeader(RecordType.UNKNOWN_TYPE, 0, 8).put(bytes);
		return bytes.put((byte) this.type).put(new byte[7]).flip();
	}

}
