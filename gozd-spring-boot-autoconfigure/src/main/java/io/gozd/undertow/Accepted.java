package io.gozd.undertow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;

/**
 * A connection from accept(2) to its end, whatever Undertow makes of it.
 */
final class Accepted {

	private final SocketChannel socket;

	private final XnioIoThread thread;

	private final Runnable ended;

	private final long since = System.nanoTime();

	private volatile @Nullable StreamConnection connection;

	/**
	 * Take a socket.
	 * @param thread the I/O thread that it is for
	 * @param ended called at its end
	 */
	Accepted(SocketChannel socket, XnioIoThread thread, Runnable ended) {
		this.socket = socket;
		this.thread = thread;
		this.ended = ended;
	}

	/** Make XNIO's connection of it, in its I/O thread. */
	StreamConnection open(SocketSettings settings) throws IOException {
		settings.apply(this.socket);
		StreamConnection connection = NioConnections.get().open(this.thread, this.socket, this.ended);
		this.connection = connection;
		settings.apply(connection);
		return connection;
	}

	boolean isOlderThan(Duration time) {
		return System.nanoTime() - this.since >= time.toNanos();
	}

	/** Return where it comes from, as XNIO says it. */
	SocketAddress peer() {
		return new InetSocketAddress(this.socket.socket().getInetAddress(), this.socket.socket().getPort());
	}

	/** Close it, whatever is under way. */
	void close() {
		try {
			this.thread.execute(this::closeNow);
		}
		catch (RejectedExecutionException ex) {
			// The thread ends, and closes what it has.
			closeNow();
		}
	}

	void closeNow() {
		StreamConnection connection = this.connection;
		if (connection != null) {
			IoUtils.safeClose(connection);
		}
		else {
			IoUtils.safeClose(this.socket);
			this.ended.run();
		}
	}

}
