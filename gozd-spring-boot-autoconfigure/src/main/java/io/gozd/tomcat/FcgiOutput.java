package io.gozd.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

import io.gozd.fcgi.EndRequest;
import io.gozd.fcgi.RecordHeader;
import io.gozd.fcgi.RecordType;
import io.gozd.fcgi.Replies;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Writes records to a connection, each as a whole: a reply may have to be sent by one
 * thread while another one writes the response. Thread safe.
 */
final class FcgiOutput implements Replies {

	private static final int MAX_REPORT = 1024;

	/** Held while somebody waits for the web server to read. */
	private final ReentrantLock lock = new ReentrantLock(true);

	private final ByteBuffer header = ByteBuffer.allocate(RecordHeader.SIZE);

	private volatile @Nullable SocketWrapperBase<?> socket;

	/** Whether something may wait to be written that a blocking write would overtake. */
	private boolean behind;

	void attach(SocketWrapperBase<?> socket) {
		this.socket = socket;
	}

	/**
	 * Forget the connection, and wait for nobody: who closes a connection does that.
	 * @return whether this can be used for another one, because nobody writes any more
	 */
	boolean recycle() {
		this.socket = null;
		if (!this.lock.tryLock()) {
			return false;
		}
		try {
			this.behind = false;
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private SocketWrapperBase<?> socket() throws IOException {
		SocketWrapperBase<?> socket = this.socket;
		if (socket == null) {
			throw new IOException("The connection is closed");
		}
		return socket;
	}

	@Override
	public void send(ByteBuffer bytes) throws IOException {
		this.lock.lock();
		try {
			boolean overtakes = this.behind;
			writeAll(bytes);
			if (overtakes) {
				// Tomcat's poller may have told us what a WriteListener waits for.
				socket().registerWriteInterest();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void writeAll(ByteBuffer bytes) throws IOException {
		order(true);
		socket().write(true, bytes);
		socket().flush(true);
	}

	private void order(boolean block) throws IOException {
		if (block && this.behind) {
			socket().flush(true);
		}
		this.behind = !block;
	}

	/** Write a part of the response, in as many records as it takes. */
	void write(int id, ByteBuffer content, boolean block) throws IOException {
		int end = content.limit();
		while (content.position() < end) {
			content.limit(Math.min(end, content.position() + RecordHeader.MAX_CONTENT));
			record(id, content, block);
			content.limit(end);
		}
	}

	/** A record is whole, and others get their turn after it. */
	private void record(int id, ByteBuffer content, boolean block) throws IOException {
		this.lock.lock();
		try {
			order(block);
			header(new RecordHeader(RecordType.STDOUT, id, content.remaining()), block);
			socket().write(block, content);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void header(RecordHeader header, boolean block) throws IOException {
		header.put(this.header.clear());
		socket().write(block, this.header.flip());
	}

	/** Write a line for the log of the web server. */
	void report(int id, String line) throws IOException {
		byte[] text = line.replaceAll("\\p{Cntrl}", " ").getBytes(StandardCharsets.UTF_8);
		int length = Math.min(text.length, MAX_REPORT);
		this.lock.lock();
		try {
			order(true);
			header(new RecordHeader(RecordType.STDERR, id, length), true);
			socket().write(true, text, 0, length);
			header(new RecordHeader(RecordType.STDERR, id, 0), true);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Write the end of the response.
	 * @param dismiss whether a record is to follow that means nothing: nginx then closes
	 * a connection that it would keep otherwise. Others don't mind.
	 */
	void end(int id, boolean dismiss) throws IOException {
		ByteBuffer end = ByteBuffer.allocate(2 * RecordHeader.SIZE + EndRequest.SIZE);
		new RecordHeader(RecordType.STDOUT, id, 0).put(end);
		new EndRequest(id, EndRequest.Status.REQUEST_COMPLETE).put(end);
		if (dismiss) {
			new RecordHeader(RecordType.STDERR, id, 0).put(end);
		}
		this.lock.lock();
		try {
			writeAll(end.flip());
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean flush(boolean block) throws IOException {
		this.lock.lock();
		try {
			return socket().flush(block);
		}
		finally {
			this.lock.unlock();
		}
	}

}
