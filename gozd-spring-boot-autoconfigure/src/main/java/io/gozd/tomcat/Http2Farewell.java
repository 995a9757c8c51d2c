package io.gozd.tomcat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint.NioSocketWrapper;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection of HTTP/2 whose peer was told. A stream is over for Tomcat when
 * the kernel has its last byte; to close then what the peer still writes to would be a
 * reset, and cost it what it has not read yet. So Tomcat reads no more, the last stream
 * is named, the output ends, and it is the peer who closes, or time.
 */
final class Http2Farewell {

	/** Longer than a round trip: what the peer sent before it read the GOAWAY is here. */
	private static final Duration ON_THE_WAY = Duration.ofSeconds(2);

	/** How long a peer may take to be told, and again to read to the end and to close. */
	private static final Duration READING = Duration.ofSeconds(10);

	private static final Duration READING_IN_A_HURRY = Duration.ofSeconds(1);

	/** What a peer may say at once when nothing is read any more. */
	private static final int CAPACITY = 64 * 1024;

	private final NioSocketWrapper connection;

	private @Nullable Http2Handler handler;

	private Step step = Step.TOLD;

	private long since = System.nanoTime();

	Http2Farewell(NioSocketWrapper connection) {
		this.connection = connection;
	}

	/**
	 * Take the next step, if it is time for it.
	 * @param handler what Tomcat has for the connection
	 * @param hurry whether a connection without streams ends at once
	 * @param wanted whether the drain goes on; not once {@link #cancel} was called
	 */
	synchronized void goOn(Http2Handler handler, boolean hurry, BooleanSupplier wanted) throws IOException {
		SelectionKey key = key();
		if (key == null || !wanted.getAsBoolean()) {
			return;
		}
		this.handler = handler;
		switch (this.step) {
			case TOLD -> {
				if ((hurry || isOver(ON_THE_WAY)) && isQuiet(handler) && stopReading(key)) {
					this.step = Step.UNREAD;
				}
			}
			case UNREAD -> {
				// A thread that had something in hand has Tomcat read again.
				if (isQuiet(handler) && !isRead(key)) {
					handler.goAway();
					then(Step.SAID);
				}
				else {
					readAgain();
				}
			}
			case SAID -> {
				// Tomcat does not see that the peer still says something.
				handler.timeOut(false);
				if (isWritten()) {
					then(Step.ENDED);
					endTls();
				}
				else if (isOver(READING)) {
					this.connection.close();
				}
			}
			case ENDED -> {
				stopReading(key);
				if (hasEnded() || isOver(hurry ? READING_IN_A_HURRY : READING)) {
					this.connection.close();
				}
			}
		}
	}

	/** Nothing more is said: what is half ended ends by time. */
	synchronized void cancel(ScheduledExecutorService executor) {
		if (this.step == Step.ENDED) {
			executor.schedule(this.connection::close, READING.toMillis(), TimeUnit.MILLISECONDS);
		}
		else if (this.step != Step.TOLD) {
			if (this.handler != null) {
				this.handler.timeOut(true);
			}
			readAgain();
		}
	}

	private boolean isQuiet(Http2Handler handler) {
		return handler.isIdle() && isWritten();
	}

	/** Whether all that was said is with the kernel. */
	private boolean isWritten() {
		return !Http2Handler.isWriting(this.connection) && this.connection.canWrite()
				&& this.connection.getSocket().getOutboundRemaining() == 0;
	}

	/** Whether Tomcat was waiting for what comes, and does no more. */
	private boolean stopReading(SelectionKey key) {
		boolean read = (key.interestOpsAnd(~SelectionKey.OP_READ) & SelectionKey.OP_READ) != 0;
		this.connection.interestOps(key.interestOps());
		return read;
	}

	private static boolean isRead(SelectionKey key) {
		return (key.interestOps() & SelectionKey.OP_READ) != 0;
	}

	private void readAgain() {
		this.step = Step.TOLD;
		this.connection.getPoller().add(this.connection, SelectionKey.OP_READ);
	}

	private void endTls() throws IOException {
		if (this.connection.getSocket() instanceof SecureNioChannel channel) {
			channel.close();
		}
	}

	/** Whether the peer has closed, too; what else comes is thrown away. */
	private boolean hasEnded() {
		try {
			endOutput();
			int length = channel().read(ByteBuffer.allocate(CAPACITY));
			if (length > 0) {
				// As long as it says that it reads, it may.
				this.since = System.nanoTime();
			}
			return length < 0;
		}
		catch (IOException ex) {
			return true;
		}
	}

	/** The end of TLS is with the kernel before that of the output. */
	private void endOutput() throws IOException {
		NioChannel socket = this.connection.getSocket();
		if (socket.getOutboundRemaining() > 0) {
			socket.flushOutbound();
		}
		if (socket.getOutboundRemaining() == 0) {
			channel().shutdownOutput();
		}
	}

	private @Nullable SelectionKey key() {
		return channel().keyFor(this.connection.getPoller().getSelector());
	}

	private SocketChannel channel() {
		return this.connection.getSocket().getIOChannel();
	}

	private void then(Step next) {
		this.step = next;
		this.since = System.nanoTime();
	}

	private boolean isOver(Duration time) {
		return System.nanoTime() - this.since >= time.toNanos();
	}

	private enum Step {

		TOLD, UNREAD, SAID, ENDED

	}

}
