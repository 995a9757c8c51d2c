package io.gozd.posix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A connection whose peer is a script: gives what it was told to give, in these pieces,
 * and keeps what is sent.
 */
public final class FakeUnixConnection implements UnixConnection {

	private final Deque<Piece> pieces = new ArrayDeque<>();

	private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

	private final List<List<Integer>> sentDescriptors = new ArrayList<>();

	private boolean closed;

	private int readTimeout;

	/** The next read gets these bytes, or as many of them as it has room for. */
	public void give(byte[] bytes, Integer... descriptors) {
		this.pieces.add(new Piece(ByteBuffer.wrap(bytes), new ArrayList<>(List.of(descriptors)), null));
	}

	/** The read after those fails, with descriptors that came along all the same. */
	public void fail(IOException failure, Integer... descriptors) {
		this.pieces.add(new Piece(ByteBuffer.allocate(0), new ArrayList<>(List.of(descriptors)), failure));
	}

	public byte[] sent() {
		return this.sent.toByteArray();
	}

	/** The descriptors of each message that was sent, none included. */
	public List<List<Integer>> sentDescriptors() {
		return this.sentDescriptors;
	}

	public boolean isClosed() {
		return this.closed;
	}

	public int readTimeout() {
		return this.readTimeout;
	}

	@Override
	public PeerCredentials peer() {
		return new PeerCredentials(4711, 1000, 1000);
	}

	@Override
	public void send(ByteBuffer bytes, List<Integer> descriptors) {
		this.sentDescriptors.add(List.copyOf(descriptors));
		while (bytes.hasRemaining()) {
			this.sent.write(bytes.get());
		}
	}

	@Override
	public int receive(ByteBuffer into, List<Integer> descriptors) throws IOException {
		Piece piece = this.pieces.peek();
		if (piece == null) {
			return -1;
		}
		descriptors.addAll(piece.descriptors());
		piece.descriptors().clear();
		if (piece.failure() != null) {
			throw piece.failure();
		}
		int count = Math.min(into.remaining(), piece.bytes().remaining());
		into.put(piece.bytes().slice().limit(count));
		piece.bytes().position(piece.bytes().position() + count);
		if (!piece.bytes().hasRemaining()) {
			this.pieces.remove();
		}
		return count;
	}

	@Override
	public void readTimeout(int milliseconds) {
		this.readTimeout = milliseconds;
	}

	@Override
	public void close() {
		this.closed = true;
	}

	private record Piece(ByteBuffer bytes, List<Integer> descriptors, IOException failure) {

	}

}
