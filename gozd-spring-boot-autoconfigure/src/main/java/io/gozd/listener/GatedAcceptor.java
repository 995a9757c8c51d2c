package io.gozd.listener;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * Accepts from a listener that other processes accept from as well, behind a gate. Every
 * accept(2) happens inside one lock, with the gate open: so who has shut the gate and
 * then held the lock knows that no thread is in accept(2), nor will be. Thread safe.
 */
public final class GatedAcceptor implements Closeable {

	private final Listener listener;

	private final Selector selector;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition gate = this.lock.newCondition();

	private boolean open;

	private boolean dismissed;

	private @Nullable SocketChannel taken;

	private int undelivered;

	private long accepted;

	/**
	 * Create an acceptor with the gate shut.
	 * @param listener whose connections to accept; closed with this acceptor
	 * @throws IOException if no selector can be had
	 */
	public GatedAcceptor(Listener listener) throws IOException {
		this.listener = listener;
		this.selector = Selector.open();
		listener.channel().register(this.selector, SelectionKey.OP_ACCEPT);
	}

	/**
	 * Return the listener.
	 * @return where connections come from
	 */
	public Listener listener() {
		return this.listener;
	}

	/**
	 * Wait for the gate and for a connection. It counts as undelivered until
	 * {@link #delivered()}.
	 * @return the connection, owned by the caller
	 * @throws ClosedChannelException if the acceptor is closed, or threads are dismissed
	 * @throws IOException if the system can't accept, for want of descriptors say
	 */
	public SocketChannel accept() throws IOException {
		while (true) {
			SocketChannel connection = tryAccept();
			if (connection != null) {
				return connection;
			}
			try {
				this.selector.select();
				this.selector.selectedKeys().clear();
			}
			catch (ClosedSelectorException ex) {
				throw new AsynchronousCloseException();
			}
		}
	}

	private @Nullable SocketChannel tryAccept() throws IOException {
		this.lock.lock();
		try {
			while (!this.open && !this.dismissed && this.listener.channel().isOpen()) {
				this.gate.awaitUninterruptibly();
			}
			if (this.dismissed) {
				throw new AsynchronousCloseException();
			}
			SocketChannel connection = (this.taken != null) ? this.taken : this.listener.channel().accept();
			this.taken = null;
			if (connection != null) {
				this.undelivered++;
				this.accepted++;
			}
			return connection;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Say that the connection that was accepted last is counted elsewhere now, or closed.
	 */
	public void delivered() {
		this.lock.lock();
		try {
			this.undelivered--;
			this.gate.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait until no thread has a connection in hand that is not counted elsewhere. To be
	 * called with the gate shut.
	 * @param timeout how long to wait at most
	 */
	public void awaitDelivered(Duration timeout) {
		long nanos = timeout.toNanos();
		boolean interrupted = false;
		this.lock.lock();
		try {
			while (this.undelivered > 0 && nanos > 0) {
				try {
					nanos = this.gate.awaitNanos(nanos);
				}
				catch (InterruptedException ex) {
					interrupted = true;
				}
			}
		}
		finally {
			this.lock.unlock();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Return how many connections were accepted and are not counted elsewhere yet.
	 * @return their number
	 */
	public int undelivered() {
		this.lock.lock();
		try {
			return this.undelivered + ((this.taken != null) ? 1 : 0);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return how many connections have been accepted since this acceptor was made.
	 * @return their number
	 */
	public long accepted() {
		this.lock.lock();
		try {
			return this.accepted;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Open the gate.
	 */
	public void open() {
		this.lock.lock();
		try {
			this.open = true;
			this.gate.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Shut the gate. When this returns, no thread accepts.
	 * @return whether it was open
	 */
	public boolean shut() {
		this.lock.lock();
		try {
			boolean wasOpen = this.open;
			this.open = false;
			return wasOpen;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Send away threads that wait in {@link #accept()}, and those that come, or let them
	 * in again.
	 * @param dismissed whether to send them away, as if the acceptor were closed
	 */
	public void dismiss(boolean dismissed) {
		this.lock.lock();
		try {
			this.dismissed = dismissed;
			this.gate.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		this.selector.wakeup();
	}

	/**
	 * Shut the gate if no connection waits to be accepted.
	 * @return whether the queue was empty, and the gate is shut
	 * @throws IOException if the system can't accept
	 */
	public boolean shutIfQueueIsEmpty() throws IOException {
		this.lock.lock();
		try {
			if (this.taken == null) {
				this.taken = this.listener.channel().accept();
			}
			this.open = this.taken != null;
			this.gate.signalAll();
			// The acceptor may sleep in the selector while we hold its connection.
			this.selector.wakeup();
			return !this.open;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Close the listener in this process: it lives on where another process has it open.
	 */
	@Override
	public void close() throws IOException {
		this.lock.lock();
		try {
			this.open = false;
			this.listener.channel().close();
			if (this.taken != null) {
				this.taken.close();
				this.taken = null;
			}
			this.gate.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		// The JDK closes the descriptor of a registered channel when the selector lets
		// go.
		this.selector.close();
	}

}
