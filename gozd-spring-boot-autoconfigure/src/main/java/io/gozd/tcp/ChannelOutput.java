package io.gozd.tcp;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SocketChannel;
import java.util.Objects;

/**
 * What goes out through a channel, at once and whole.
 */
final class ChannelOutput extends OutputStream {

	/** The JDK keeps a buffer of this size for each thread that writes. */
	private static final int MAX_WRITE = 128 * 1024;

	private final SocketChannel channel;

	private final Runnable peerGone;

	/**
	 * Create a stream.
	 * @param channel where bytes go; closed with the stream
	 * @param peerGone told when nobody takes them any more
	 */
	ChannelOutput(SocketChannel channel, Runnable peerGone) {
		this.channel = channel;
		this.peerGone = peerGone;
	}

	@Override
	public void write(int value) throws IOException {
		write(new byte[] { (byte) value }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(offset, length, bytes.length);
		int written = 0;
		while (written < length) {
			int count = write(ByteBuffer.wrap(bytes, offset + written, Math.min(length - written, MAX_WRITE)));
			if (count == 0) {
				throw new IllegalBlockingModeException();
			}
			written += count;
		}
	}

	private int write(ByteBuffer from) throws IOException {
		try {
			return this.channel.write(from);
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
