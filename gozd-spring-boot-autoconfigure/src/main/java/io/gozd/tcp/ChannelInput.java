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

	private final Runnable peerGone;

	/**
	 * Create a stream.
	 * @param channel where bytes come from; closed with the stream
	 * @param peerGone told when there will be no more
	 */
	ChannelInput(SocketChannel channel, Runnable peerGone) {
		this.channel = channel;
		this.peerGone = peerGone;
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
		int count = read(ByteBuffer.wrap(bytes, offset, Math.min(length, MAX_READ)));
		if (count == 0) {
			throw new IllegalBlockingModeException();
		}
		if (count < 0) {
			this.peerGone.run();
		}
		return count;
	}

	private int read(ByteBuffer into) throws IOException {
		try {
			return this.channel.read(into);
		}
		catch (IOException ex) {
			this.peerGone.run();
			throw ex;
		}
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
