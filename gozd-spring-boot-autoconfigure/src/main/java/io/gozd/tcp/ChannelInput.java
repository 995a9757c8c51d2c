package io.gozd.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/**
 * What comes in through a channel. The JDK's own stream of a channel holds the lock that
 * its other stream needs, while it waits.
 */
final class ChannelInput extends InputStream {

	/** The JDK keeps a buffer of this size for each thread that reads. */
	private static final int MAX_READ = 128 * 1024;

	private final SocketChannel channel;

	ChannelInput(SocketChannel channel) {
		this.channel = channel;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) != -1) ? Byte.toUnsignedInt(one[0]) : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		if (length == 0) {
			return 0;
		}
		int count = this.channel.read(ByteBuffer.wrap(bytes, offset, Math.min(length, MAX_READ)));
		if (count == 0) {
			throw new IllegalBlockingModeException();
		}
		return count;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
