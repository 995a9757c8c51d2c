package io.gozd.tomcat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.gozd.fcgi.Limits;
import io.gozd.fcgi.Params;
import io.gozd.fcgi.Replies;
import io.gozd.fcgi.RequestReader;
import io.gozd.fcgi.RequestReader.Event;
import org.apache.tomcat.util.net.ApplicationBufferHandler;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * What comes through a connection: requests, and the body of the present one. Used by one
 * thread at a time: by who holds its lock, wherever an application may read in a thread
 * of its own.
 */
final class FcgiInput {

	private static final int CAPACITY = 16384;

	/** Where there is less room, what is left is moved to the beginning. */
	private static final int ROOM = 4096;

	/** Then the thread has something better to do. */
	private static final int MAX_READS = 64;

	private static final long LOOK_SECONDS = 1;

	private static final long UNKNOWN = -1;

	private final ReentrantLock lock = new ReentrantLock();

	/** Whether who holds the lock may wait for the web server. */
	private volatile boolean reading;

	private final RequestReader reader;

	private final Replies replies;

	/** Always ready to be read from. */
	private final ByteBuffer buffer = ByteBuffer.allocate(CAPACITY).limit(0);

	private volatile @Nullable SocketWrapperBase<?> socket;

	/** How much of the body CONTENT_LENGTH promises still. */
	private long left = UNKNOWN;

	private boolean ended;

	private boolean aborted;

	private @Nullable ByteBuffer replay;

	private @Nullable IOException failure;

	private volatile boolean timedOut;

	FcgiInput(Limits limits, Replies replies) {
		this.reader = new RequestReader(limits);
		this.replies = replies;
	}

	void attach(SocketWrapperBase<?> socket) {
		this.socket = socket;
	}

	/** Hand out nothing any more, to whoever reads on. */
	void detach() {
		this.socket = null;
	}

	void lock() {
		this.lock.lock();
	}

	/** Lock it, unless who has it waits for the web server: he may do so for long. */
	boolean tryLock() {
		try {
			// He who only looks what is here is gone in an instant, or has to reply.
			return this.lock.tryLock() || (!this.reading && this.lock.tryLock(LOOK_SECONDS, TimeUnit.SECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	void unlock() {
		this.lock.unlock();
	}

	/** Go on until something happens with what is here. */
	Event next() throws IOException {
		return this.reader.next(this.buffer, this.replies);
	}

	/**
	 * Read from the connection.
	 * @return whether there was anything
	 * @throws EOFException if it has ended
	 */
	boolean fill(boolean block) throws IOException {
		if (!this.buffer.hasRemaining()) {
			this.buffer.position(0).limit(0);
		}
		else if (CAPACITY - this.buffer.limit() < ROOM) {
			this.buffer.compact().flip();
		}
		return append(block);
	}

	/** Read into the room that there is, moving nothing. */
	private boolean append(boolean block) throws IOException {
		SocketWrapperBase<?> socket = attached();
		int end = this.buffer.limit();
		ByteBuffer room = this.buffer.duplicate().limit(CAPACITY).position(end);
		int length;
		try {
			length = socket.read(block, room);
		}
		catch (SocketTimeoutException ex) {
			this.timedOut = true;
			throw ex;
		}
		if (length < 0) {
			throw new EOFException("The web server has closed the connection");
		}
		// It may have taken long, and whom the bytes are for may have gone.
		attached();
		this.buffer.limit(end + length);
		return length > 0;
	}

	private SocketWrapperBase<?> attached() throws EOFException {
		SocketWrapperBase<?> socket = this.socket;
		if (socket == null) {
			throw new EOFException("The request has ended");
		}
		return socket;
	}

	/** Begin with the body of a request; a negative length is not known. */
	void body(long contentLength) {
		this.left = (contentLength >= 0) ? contentLength : UNKNOWN;
		this.ended = false;
		this.aborted = false;
		this.replay = null;
		this.failure = null;
	}

	/** Have something else read for the body. */
	void replay(ByteBuffer body) {
		this.replay = body;
	}

	/**
	 * Hand out bytes of the body.
	 * @return how many, 0 if there are none without blocking, -1 at the end
	 */
	int read(ApplicationBufferHandler handler, boolean block) throws IOException {
		this.reading = block;
		try {
			return readBody(handler, block);
		}
		finally {
			this.reading = false;
		}
	}

	private int readBody(ApplicationBufferHandler handler, boolean block) throws IOException {
		ByteBuffer replay = this.replay;
		if (replay != null) {
			return replayTo(handler, replay);
		}
		if (this.failure != null) {
			throw this.failure;
		}
		attached();
		while (!isComplete()) {
			Event event = next();
			if (event == Event.BODY) {
				ByteBuffer body = this.reader.takeBody(this.buffer, (this.left >= 0) ? this.left : Long.MAX_VALUE);
				this.left -= (this.left >= 0) ? body.remaining() : 0;
				handler.setByteBuffer(body);
				return body.remaining();
			}
			if (event == Event.STARVED) {
				if (!fill(block)) {
					return 0;
				}
			}
			else {
				note(event);
			}
		}
		return -1;
	}

	private int replayTo(ApplicationBufferHandler handler, ByteBuffer replay) {
		if (!replay.hasRemaining()) {
			return -1;
		}
		handler.setByteBuffer(replay.slice());
		int length = replay.remaining();
		replay.position(replay.limit());
		return length;
	}

	/** Take note of what is neither a part of the body nor the want of one. */
	private void note(Event event) throws IOException {
		switch (event) {
			case END_OF_BODY -> {
				endBody();
				if (this.failure != null) {
					throw this.failure;
				}
			}
			case ABORT -> {
				this.aborted = true;
				throw fail(new EOFException("The web server has aborted the request"));
			}
			case CLOSE -> throw fail(new IOException("The web server sends too much that does not belong to the body"));
			default -> throw new IllegalStateException("In the body of a request comes " + event);
		}
	}

	/** A body that is too short fails when it is read. */
	private void endBody() {
		this.ended = true;
		if (this.left > 0) {
			fail(new EOFException("The body ends " + this.left + " bytes before CONTENT_LENGTH says"));
		}
	}

	private IOException fail(IOException failure) {
		this.failure = failure;
		return failure;
	}

	/** Whether the body is over, and is whole. */
	private boolean isComplete() {
		return this.left == 0 || this.ended;
	}

	/**
	 * Return how much can be read at once; at least 1 where a read would fail.
	 * @param doRead whether to ask the connection
	 */
	int available(boolean doRead) {
		if (this.replay != null) {
			return this.replay.remaining();
		}
		try {
			while (this.failure == null && !isComplete()) {
				Event event = next();
				if (event == Event.BODY) {
					// Without a bound, as nobody asks for the exact number.
					return 1;
				}
				if (event != Event.STARVED) {
					note(event);
				}
				else if (!doRead || !fill(false)) {
					return 0;
				}
			}
		}
		catch (IOException ex) {
			this.failure = ex;
		}
		return (this.failure != null) ? 1 : 0;
	}

	/** Whether the application has read the whole body. */
	boolean isFinished() {
		if (this.replay != null) {
			return !this.replay.hasRemaining();
		}
		if (!isComplete() && this.failure == null) {
			// The end may be here.
			available(false);
		}
		return this.failure == null && isComplete();
	}

	/** Whether only the end may be missing, of a body whose length nobody knows. */
	boolean mayBeOver() {
		return this.left == UNKNOWN && available(false) == 0;
	}

	/**
	 * Whether the web server has said all that belongs to the request. What the
	 * application has not read is thrown away, as far as it is here.
	 */
	boolean seesEnd() {
		try {
			for (int reads = 0; !isOver() && reads < MAX_READS;) {
				Event event = next();
				if (event == Event.BODY) {
					this.reader.takeBody(this.buffer, Long.MAX_VALUE);
				}
				else if (event == Event.END_OF_BODY || event == Event.ABORT) {
					this.ended = true;
				}
				else if (event != Event.STARVED) {
					return isOver();
				}
				else if (!isOver()) {
					if (!fill(false)) {
						return false;
					}
					reads++;
				}
			}
			return isOver();
		}
		catch (IOException ex) {
			// Whatever it is, nobody waits for us to read on.
			return true;
		}
	}

	/** Padding may follow the end: a close before it is here would be a reset. */
	private boolean isOver() {
		return this.ended && this.reader.isRecordOver();
	}

	/**
	 * Look for the end of the connection, or of the web server's patience, while the
	 * application answers asynchronously. It may hold a part of the body: nothing that
	 * was handed out is overwritten.
	 * @return whether to look again, or null if nobody waits for the answer any more
	 */
	@Nullable Boolean watch() {
		try {
			while (true) {
				Event event = next();
				if (event == Event.ABORT || event == Event.CLOSE) {
					this.aborted = event == Event.ABORT;
					fail(new EOFException("The web server does not wait for the response any more"));
					return null;
				}
				if (event == Event.END_OF_BODY) {
					endBody();
				}
				else if (event == Event.BODY && this.left == 0) {
					this.reader.takeBody(this.buffer, Long.MAX_VALUE);
				}
				else if (event != Event.STARVED || this.buffer.limit() == CAPACITY) {
					// Where there is no room, nobody looks on: the answer ends that.
					return false;
				}
				else if (!append(false)) {
					return true;
				}
			}
		}
		catch (IOException ex) {
			fail(ex);
			return null;
		}
	}

	/** The request has been answered: what is left of it is not wanted. */
	void finish() {
		this.reader.finish();
		body(0);
	}

	/**
	 * Throw away what has come.
	 * @return whether the web server has ended the connection
	 */
	boolean discard(SocketWrapperBase<?> socket) {
		try {
			int reads = 0;
			while (reads < MAX_READS && socket.read(false, this.buffer.clear()) > 0) {
				reads++;
			}
			return false;
		}
		catch (IOException ex) {
			return true;
		}
		finally {
			this.buffer.position(0).limit(0);
		}
	}

	/**
	 * Forget the connection, and wait for nobody.
	 * @return whether this can be used for another one, because nobody reads any more
	 */
	boolean recycle() {
		detach();
		if (!this.lock.tryLock()) {
			return false;
		}
		try {
			this.reader.reset();
			this.timedOut = false;
			body(0);
			this.buffer.position(0).limit(0);
			return true;
		}
		finally {
			unlock();
		}
	}

	/** Whether there is nothing that a new reader would have to know. */
	boolean isIdle() {
		return isBetween() && this.reader.isUnused();
	}

	/** Whether the connection is of no use when it ends here. */
	boolean isCut() {
		return this.reader.hasBegun() || (this.reader.isRecordOver() && this.buffer.hasRemaining());
	}

	/**
	 * Whether a read has waited too long. Tomcat's poller takes the next event for one
	 * that the reader still waits for, and tells nobody: such a connection has no future.
	 */
	boolean hasTimedOut() {
		return this.timedOut;
	}

	/** Whether nothing has begun that is not over. */
	boolean isBetween() {
		return this.reader.isBetween() && !this.buffer.hasRemaining();
	}

	boolean hasBegun() {
		return this.reader.hasBegun();
	}

	boolean isAborted() {
		return this.aborted;
	}

	@Nullable IOException failure() {
		return this.failure;
	}

	int id() {
		return this.reader.id();
	}

	boolean keepsConnection() {
		return this.reader.keepsConnection();
	}

	@Nullable Params params() {
		return this.reader.params();
	}

	@Nullable String fault() {
		return this.reader.fault();
	}

}
