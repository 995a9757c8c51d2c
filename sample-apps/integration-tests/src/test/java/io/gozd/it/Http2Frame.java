package io.gozd.it;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A frame of HTTP/2, see RFC 9113, section 4.1.
 *
 * @param type its type
 * @param flags its flags
 * @param stream the stream it belongs to, 0 for the connection
 * @param payload what it carries
 */
record Http2Frame(int type, int flags, int stream, byte[] payload) {

	static final int DATA = 0;

	static final int HEADERS = 1;

	static final int RST_STREAM = 3;

	static final int SETTINGS = 4;

	static final int PING = 6;

	static final int GOAWAY = 7;

	static final int WINDOW_UPDATE = 8;

	static final int ACK = 1;

	static final int END_STREAM = 1;

	static final int END_HEADERS = 4;

	private static final int HEADER_LENGTH = 9;

	static Http2Frame read(DataInputStream in) throws IOException {
		int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
		int type = in.readUnsignedByte();
		int flags = in.readUnsignedByte();
		int stream = in.readInt() & Integer.MAX_VALUE;
		byte[] payload = new byte[length];
		in.readFully(payload);
		return new Http2Frame(type, flags, stream, payload);
	}

	byte[] bytes() {
		int length = this.payload.length;
		return ByteBuffer.allocate(HEADER_LENGTH + length)
			.put((byte) (length >> 16))
			.putShort((short) length)
			.put((byte) this.type)
			.put((byte) this.flags)
			.putInt(this.stream)
			.put(this.payload)
			.array();
	}

	boolean has(int flag) {
		return (this.flags & flag) != 0;
	}

	/**
	 * The number at the begin of the payload.
	 */
	int number() {
		return ByteBuffer.wrap(this.payload).getInt();
	}

	/**
	 * The number that follows it.
	 */
	int secondNumber() {
		return ByteBuffer.wrap(this.payload).getInt(Integer.BYTES);
	}

}
