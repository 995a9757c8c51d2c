package io.gozd.undertow;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.gozd.listener.GatedAcceptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Accepts the connections of one listener until that is closed. What can't be accepted,
 * for want of descriptors say, waits in the kernel.
 */
final class AcceptThread implements Runnable {

	private static final Log logger = LogFactory.getLog(AcceptThread.class);

	private static final long FIRST_PAUSE_MILLIS = 250;

	private static final long LONGEST_PAUSE_MILLIS = 2000;

	private final String name;

	private final GatedAcceptor acceptor;

	private final Consumer<SocketChannel> connections;

	private long pauseMillis;

	/**
	 * Create it.
	 * @param connections takes each connection, and says that it was delivered
	 */
	AcceptThread(String name, GatedAcceptor acceptor, Consumer<SocketChannel> connections) {
		this.name = name;
		this.acceptor = acceptor;
		this.connections = connections;
	}

	void start() {
		Thread thread = new Thread(this, this.name);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void run() {
		while (true) {
			try {
				this.connections.accept(this.acceptor.accept());
				this.pauseMillis = 0;
			}
			catch (ClosedChannelException ex) {
				return;
			}
			catch (IOException | RuntimeException | Error ex) {
				pause(ex);
			}
		}
	}

	private void pause(Throwable reason) {
		if (this.pauseMillis < LONGEST_PAUSE_MILLIS) {
			logger.warn(this.name + " can't accept, and tries again", reason);
		}
		this.pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, Math.max(FIRST_PAUSE_MILLIS, this.pauseMillis * 4));
		try {
			TimeUnit.MILLISECONDS.sleep(this.pauseMillis);
		}
		catch (InterruptedException ex) {
			// Whoever that was: this thread ends when the listener is closed.
		}
	}

}
