package io.gozd.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.undertow.protocols.http2.Http2Channel;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * The end of a connection that the peer closes: nothing is written any more, and what
 * comes is thrown away. To close what has unread bytes would be a reset, and cost the
 * peer what it has not read yet. Used by the I/O thread of the connection.
 */
final class Lingering implements ChannelListener<ConduitStreamSourceChannel> {

	private static final int CAPACITY = 4096;

	/** XNIO cuts off what is less. */
	private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

	private final Http2Channel channel;

	private final ByteBuffer rest = ByteBuffer.allocate(CAPACITY);

	private final long patienceNanos;

	private long heard = System.nanoTime();

	private XnioExecutor.Key deadline;

	private Lingering(Http2Channel channel, Duration patience) {
		this.channel = channel;
		this.patienceNanos = patience.toNanos();
		this.deadline = after(this.patienceNanos);
	}

	private XnioExecutor.Key after(long nanos) {
		return this.channel.getIoThread().executeAfter(this::checkPatience, nanos + MILLISECOND, TimeUnit.NANOSECONDS);
	}

	/** A peer that reads slowly says so as it reads. */
	private void checkPatience() {
		long left = this.heard + this.patienceNanos - System.nanoTime();
		if (left > 0) {
			this.deadline = after(left);
		}
		else {
			close();
		}
	}

	/**
	 * Begin with the end.
	 * @param patience how long the peer may say nothing
	 */
	static void begin(Http2Channel channel, Duration patience) {
		StreamConnection connection = (StreamConnection) Hidden.get().connection().get(channel);
		Lingering lingering = new Lingering(channel, patience);
		try {
			connection.getSinkChannel().shutdownWrites();
			if (!connection.getSinkChannel().flush()) {
				connection.getSinkChannel()
					.setWriteListener(
							ChannelListeners.flushingChannelListener(null, (sink, failure) -> lingering.close()));
				connection.getSinkChannel().resumeWrites();
			}
			connection.getSourceChannel().setReadListener(lingering);
			connection.getSourceChannel().wakeupReads();
		}
		catch (IOException ex) {
			lingering.close();
		}
	}

	@Override
	public void handleEvent(ConduitStreamSourceChannel source) {
		// Of TLS there may be something that is no byte of it.
		this.heard = System.nanoTime();
		try {
			int length;
			do {
				this.rest.clear();
				length = source.read(this.rest);
			}
			while (length > 0);
			if (length < 0) {
				close();
			}
		}
		catch (IOException ex) {
			close();
		}
	}

	private void close() {
		this.deadline.remove();
		IoUtils.safeClose(this.channel);
	}

}
