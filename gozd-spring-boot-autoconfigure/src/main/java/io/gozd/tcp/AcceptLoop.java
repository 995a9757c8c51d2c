package io.gozd.tcp;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections one after the other, never more at once than there may be, in a
 * thread that keeps the JVM alive. Where one can't be taken it waits, longer each time.
 */
final class AcceptLoop {

	private static final Log logger = LogFactory.getLog(AcceptLoop.class);

	private static final long FIRST_PAUSE_MILLIS = 10;

	private static final long LONGEST_PAUSE_MILLIS = 1000;

	private final String name;

	private final Semaphore free;

	private final Connections connections;

	private final CountDownLatch closed = new CountDownLatch(1);

	private volatile boolean unlimited;

	private boolean wasFull;

	private long pauseMillis;

	/**
	 * Create a loop.
	 * @param name of whom to speak in logs
	 * @param maxConnections how many connections may be open at once
	 * @param connections where they come from and where they go
	 */
	AcceptLoop(String name, int maxConnections, Connections connections) {
		this.name = name;
		this.free = new Semaphore(maxConnections);
		this.connections = connections;
	}

	void start(String threadName) {
		Thread thread = new Thread(this::run, threadName);
		thread.setDaemon(false);
		thread.start();
	}

	/** A connection that was taken has ended: there is room for another. */
	void ended() {
		this.free.release();
	}

	/** End the loop. Whoever closes where connections come from wakes it. */
	void close() {
		this.closed.countDown();
		this.free.release();
	}

	private void run() {
		awaitRoom();
		while (this.closed.getCount() > 0) {
			SocketChannel channel = accept();
			if (channel == null || !take(channel)) {
				this.free.release();
			}
			awaitRoom();
		}
	}

	private @Nullable SocketChannel accept() {
		try {
			return this.connections.next();
		}
		catch (ClosedChannelException ex) {
			this.closed.countDown();
		}
		catch (IOException | RuntimeException | Error ex) {
			pause(ex);
		}
		return null;
	}

	private boolean take(SocketChannel channel) {
		try {
			this.connections.take(channel);
			this.pauseMillis = 0;
			return true;
		}
		catch (IOException | RuntimeException | Error ex) {
			pause(ex);
			return false;
		}
	}

	/** Take what waits, however much is open: nothing more comes. */
	void takeAll() {
		this.unlimited = true;
		this.free.release();
	}

	private void awaitRoom() {
		if (this.unlimited || this.free.tryAcquire()) {
			return;
		}
		if (!this.wasFull) {
			this.wasFull = true;
			logger.warn(this.name + " has as many connections as it may have (max-connections):"
					+ " others wait in the queue of the kernel");
		}
		this.free.acquireUninterruptibly();
	}

	/** What can't be accepted, for want of descriptors say, waits in the kernel. */
	private void pause(Throwable reason) {
		if (this.pauseMillis < LONGEST_PAUSE_MILLIS) {
			logger.warn(this.name + " can't take a connection, and tries again", reason);
		}
		this.pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, this.pauseMillis * 4));
		try {
			this.closed.await(this.pauseMillis, TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			// Whoever that was: this thread has one way to end, and it is another.
		}
	}

	/** Where connections come from and where they go. */
	interface Connections {

		/**
		 * Wait for a connection.
		 * @return it, owned by the caller
		 * @throws ClosedChannelException if there will be none any more
		 * @throws IOException if the system can't accept now
		 */
		SocketChannel next() throws IOException;

		/**
		 * Have a connection served. {@link AcceptLoop#ended()} is called when that is
		 * over, unless this throws.
		 * @param channel the connection, no longer the caller's, whatever happens
		 * @throws IOException if it can't be served, and is closed
		 */
		void take(SocketChannel channel) throws IOException;

	}

}
