package io.gozd.listener;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server in the small: tells every connection who it is, and closes it.
 */
final class AcceptingThread implements Closeable {

	private final GatedAcceptor acceptor;

	private final byte name;

	private final AtomicInteger served = new AtomicInteger();

	private final Thread thread = new Thread(this::run);

	private volatile Throwable failure;

	AcceptingThread(GatedAcceptor acceptor, char name) {
		this.acceptor = acceptor;
		this.name = (byte) name;
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run() {
		try {
			while (true) {
				try (SocketChannel connection = this.acceptor.accept()) {
					connection.write(ByteBuffer.wrap(new byte[] { this.name }));
					this.served.incrementAndGet();
				}
				finally {
					this.acceptor.delivered();
				}
			}
		}
		catch (ClosedChannelException ex) {
			// The end.
		}
		catch (IOException | RuntimeException ex) {
			this.failure = ex;
		}
	}

	GatedAcceptor acceptor() {
		return this.acceptor;
	}

	int served() {
		return this.served.get();
	}

	boolean isBlockedIn(String method) {
		for (StackTraceElement frame : this.thread.getStackTrace()) {
			if (frame.getMethodName().equals(method)) {
				return this.thread.getState() == Thread.State.WAITING || method.equals("select");
			}
		}
		return false;
	}

	boolean hasEnded() {
		return !this.thread.isAlive() && this.failure == null;
	}

	@Override
	public void close() throws IOException {
		this.acceptor.close();
	}

}
