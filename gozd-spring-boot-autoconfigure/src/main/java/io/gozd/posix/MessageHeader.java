package io.gozd.posix;

import java.nio.ByteBuffer;
import java.util.List;

import jnr.ffi.Pointer;

/**
 * A msghdr with one buffer and room for an SCM_RIGHTS control message, as 64-bit Linux
 * lays them out (recvmsg(2), cmsg(3)).
 */
final class MessageHeader {

	private static final int SOL_SOCKET = 1;

	private static final int SCM_RIGHTS = 1;

	private static final int MSG_CTRUNC = 0x8;

	private static final int MSGHDR_SIZE = 56;

	private static final int IOV = 16;

	private static final int IOV_LENGTH = 24;

	private static final int CONTROL = 32;

	private static final int CONTROL_LENGTH = 40;

	private static final int FLAGS = 48;

	private static final int CMSG_HEADER = 16;

	private static final int CMSG_LEVEL = 8;

	private static final int CMSG_TYPE = 12;

	private final Pointer header;

	// Held: the header points to them.
	private final Pointer vector;

	private final Pointer buffer;

	private final Pointer control;

	private MessageHeader(Native system, int bytes, int controlBytes) {
		this.buffer = system.memory(Math.max(1, bytes));
		this.vector = system.memory(16);
		this.vector.putPointer(0, this.buffer);
		this.vector.putLong(8, bytes);
		this.control = system.memory(Math.max(1, controlBytes));
		this.header = system.memory(MSGHDR_SIZE);
		this.header.putPointer(IOV, this.vector);
		this.header.putLong(IOV_LENGTH, 1);
		if (controlBytes > 0) {
			this.header.putPointer(CONTROL, this.control);
			this.header.putLong(CONTROL_LENGTH, controlBytes);
		}
	}

	static MessageHeader sending(Native system, ByteBuffer bytes, List<Integer> descriptors) {
		byte[] content = new byte[bytes.remaining()];
		bytes.duplicate().get(content);
		MessageHeader message = new MessageHeader(system, content.length,
				descriptors.isEmpty() ? 0 : space(descriptors.size()));
		message.buffer.put(0, content, 0, content.length);
		if (!descriptors.isEmpty()) {
			message.control.putLong(0, CMSG_HEADER + (long) descriptors.size() * Integer.BYTES);
			message.control.putInt(CMSG_LEVEL, SOL_SOCKET);
			message.control.putInt(CMSG_TYPE, SCM_RIGHTS);
			for (int i = 0; i < descriptors.size(); i++) {
				message.control.putInt(CMSG_HEADER + (long) i * Integer.BYTES, descriptors.get(i));
			}
		}
		return message;
	}

	static MessageHeader receiving(Native system, int bytes) {
		return new MessageHeader(system, bytes, space(UnixConnection.MAX_DESCRIPTORS));
	}

	Pointer pointer() {
		return this.header;
	}

	boolean isTruncated() {
		return (this.header.getInt(FLAGS) & MSG_CTRUNC) != 0;
	}

	void copyBytes(int count, ByteBuffer into) {
		byte[] content = new byte[count];
		this.buffer.get(0, content, 0, count);
		into.put(content);
	}

	void copyDescriptors(List<Integer> into) {
		long received = this.header.getLong(CONTROL_LENGTH);
		long offset = 0;
		while (offset + CMSG_HEADER <= received) {
			long length = this.control.getLong(offset);
			if (length < CMSG_HEADER) {
				return;
			}
			if (this.control.getInt(offset + CMSG_LEVEL) == SOL_SOCKET
					&& this.control.getInt(offset + CMSG_TYPE) == SCM_RIGHTS) {
				for (long at = CMSG_HEADER; at + Integer.BYTES <= Math.min(length,
						received - offset); at += Integer.BYTES) {
					into.add(this.control.getInt(offset + at));
				}
			}
			offset += align(length);
		}
	}

	private static int space(int descriptors) {
		return CMSG_HEADER + (int) align((long) descriptors * Integer.BYTES);
	}

	private static long align(long length) {
		return (length + 7) & ~7L;
	}

}
