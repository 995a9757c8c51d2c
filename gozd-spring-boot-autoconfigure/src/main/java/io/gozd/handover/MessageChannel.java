package io.gozd.handover;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

import io.gozd.posix.UnixConnection;

/**
 * Messages over a control connection: each is a frame of four bytes of length, big
 * endian, and as many of text. Descriptors travel in frames of their own. One thread
 * reads; several may write.
 */
public final class MessageChannel implements Closeable {

	private static final int MAX_FRAME = 1 << 20;

	private final UnixConnection connection;

	private final int maxDescriptors;

	private final IntConsumer closeDescriptor;

	private final List<Integer> descriptors = new ArrayList<>();

	private final ByteBuffer input = ByteBuffer.allocate(8192).limit(0);

	/**
	 * Create a channel.
	 * @param connection closed with this channel
	 * @param maxDescriptors how many descriptors the peer may send
	 * @param closeDescriptor closes descriptors that came and that nobody took
	 */
	public MessageChannel(UnixConnection connection, int maxDescriptors, IntConsumer closeDescriptor) {
		this.connection = connection;
		this.maxDescriptors = maxDescriptors;
		this.closeDescriptor = closeDescriptor;
	}

	/**
	 * Send one message.
	 * @param message what to say
	 * @throws IOException if the peer is gone, or takes nothing for too long
	 */
	public void send(Message message) throws IOException {
		send(message, List.of());
	}

	/**
	 * Send descriptors, in as many messages as the kernel asks for.
	 * @param all the descriptors; stay open here
	 * @throws IOException if the peer is gone, or takes nothing for too long
	 */
	public void sendDescriptors(List<Integer> all) throws IOException {
		for (int from = 0; from < all.size(); from += UnixConnection.MAX_DESCRIPTORS) {
			List<Integer> piece = all.subList(from, Math.min(all.size(), from + UnixConnection.MAX_DESCRIPTORS));
			send(Message.of(Message.DESCRIPTORS).with("count", piece.size()), piece);
		}
	}

	private synchronized void send(Message message, List<Integer> attached) throws IOException {
		byte[] text = message.encode();
		if (text.length > MAX_FRAME) {
			throw new IOException(message.type() + " is too long: " + text.length + " bytes");
		}
		ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + text.length).putInt(text.length).put(text).flip();
		this.connection.send(frame, attached);
	}

	/**
	 * Wait for the next message.
	 * @return the message
	 * @throws EOFException if the peer has closed the connection
	 * @throws IOException if it says what is no message, or nothing for too long
	 */
	public Message receive() throws IOException {
		return orDiscard(this::read);
	}

	private Message read() throws IOException {
		fill(Integer.BYTES);
		int length = this.input.getInt();
		if (length < 0 || length > MAX_FRAME) {
			throw new IOException("The peer announces a message of " + length + " bytes");
		}
		ByteBuffer text = ByteBuffer.allocate(length);
		while (text.hasRemaining()) {
			fill(1);
			int take = Math.min(text.remaining(), this.input.remaining());
			text.put(this.input.slice().limit(take));
			this.input.position(this.input.position() + take);
		}
		return Message.decode(text.array());
	}

	/**
	 * Wait for the descriptors that {@link #sendDescriptors(List)} sends.
	 * @param count how many are announced
	 * @return the descriptors, owned by the caller
	 * @throws IOException if other things come, or not as many
	 */
	public List<Integer> receiveDescriptors(int count) throws IOException {
		return orDiscard(() -> readDescriptors(count));
	}

	private List<Integer> readDescriptors(int count) throws IOException {
		int announced = 0;
		while (announced < count) {
			Message piece = read();
			if (!piece.type().equals(Message.DESCRIPTORS)) {
				throw new IOException("Expected descriptors, not " + piece.type());
			}
			announced += piece.number("count");
		}
		if (announced != count || this.descriptors.size() != count) {
			throw new IOException(
					"Expected " + count + " descriptors, got " + this.descriptors.size() + " of " + announced);
		}
		List<Integer> received = List.copyOf(this.descriptors);
		this.descriptors.clear();
		return received;
	}

	/**
	 * Bound every later wait for a message.
	 * @param milliseconds how long the peer may be silent; 0 for ever
	 * @throws IOException if the connection is closed
	 */
	public void readTimeout(int milliseconds) throws IOException {
		this.connection.readTimeout(milliseconds);
	}

	/** Here, not in close(): only the reader knows that no more descriptors will come. */
	private <T> T orDiscard(Reading<T> reading) throws IOException {
		try {
			return reading.read();
		}
		catch (IOException ex) {
			this.descriptors.forEach(this.closeDescriptor::accept);
			this.descriptors.clear();
			throw ex;
		}
	}

	private void fill(int bytes) throws IOException {
		while (this.input.remaining() < bytes) {
			this.input.compact();
			int count;
			try {
				count = this.connection.receive(this.input, this.descriptors);
			}
			finally {
				this.input.flip();
			}
			if (count < 0) {
				throw new EOFException("The peer has closed the connection");
			}
			if (this.descriptors.size() > this.maxDescriptors) {
				throw new IOException("The peer sends more than " + this.maxDescriptors + " descriptors");
			}
		}
	}

	@Override
	public void close() {
		this.connection.close();
	}

	@FunctionalInterface
	private interface Reading<T> {

		T read() throws IOException;

	}

}
