package io.gozd.drain;

import java.io.IOException;
import java.util.OptionalLong;

import io.gozd.listener.ListenerKey;
import org.jspecify.annotations.Nullable;

/**
 * One listening connector of a server: the contract that every server fulfils. Methods
 * may be called by any thread.
 */
public interface Endpoint {

	/**
	 * Return its name in logs.
	 * @return such as {@code http-nio-8080}
	 */
	String name();

	/**
	 * Return what it listens on.
	 * @return the key of its listener, or null if it has none any more
	 */
	@Nullable ListenerKey key();

	/**
	 * Return what it listens on, or did before it was closed.
	 * @return the key of its last listener, or null if it has forgotten
	 */
	default @Nullable ListenerKey lastKey() {
		return key();
	}

	/**
	 * Accept connections from now on, or again.
	 */
	void accept();

	/**
	 * Accept no more. When this returns, no thread is in accept(2), and every connection
	 * that was accepted is counted in {@link #openConnections()}. What waits in the queue
	 * of the kernel stays there.
	 */
	void stopAccepting();

	/**
	 * Accept no more if nothing waits in the queue of the kernel; go on accepting
	 * otherwise.
	 * @return whether it has stopped
	 * @throws IOException if the queue can't be read
	 */
	boolean stopAcceptingIfQueueIsEmpty() throws IOException;

	/**
	 * Ask the kernel for no new connections, before the listener is closed for good.
	 * @throws IOException if it can't be asked: newcomers come until it is closed
	 */
	void refuseNewcomers() throws IOException;

	/**
	 * Close the listener in this process.
	 */
	void closeListener();

	/**
	 * Begin or end draining: while it drains, peers are told to use another connection
	 * next time. No idle connection is closed for that.
	 * @param draining whether to drain
	 */
	void draining(boolean draining);

	/**
	 * Tell connections that drain what can't be told once and for all; called several
	 * times a second.
	 */
	void remind();

	/**
	 * Close connections on which nothing is asked, and tell the others; called in place
	 * of {@link #remind()} when a drain hurries.
	 */
	void closeIdle();

	/**
	 * Close every connection.
	 */
	void closeAll();

	/**
	 * Return how many connections are open.
	 * @return their number
	 */
	int openConnections();

	/**
	 * Return how many connections this process has accepted here.
	 * @return their number, or nothing where the server does not count them
	 */
	default OptionalLong acceptedConnections() {
		return OptionalLong.empty();
	}

}
