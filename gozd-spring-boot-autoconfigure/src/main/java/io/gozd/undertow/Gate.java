package io.gozd.undertow;

import java.io.IOException;
import java.util.function.IntSupplier;

import io.gozd.listener.GatedAcceptor;

/**
 * Opens an acceptor while everybody agrees: the daemon, Undertow, who drains the
 * connections, and the limit of them. Thread safe.
 */
final class Gate {

	private final GatedAcceptor acceptor;

	private final IntSupplier connections;

	private boolean admitted;

	private boolean resumed;

	private boolean known;

	private volatile boolean full;

	private volatile int highWater = Integer.MAX_VALUE;

	private int lowWater = Integer.MAX_VALUE;

	/**
	 * Create a gate that is shut.
	 * @param connections how many connections are open
	 */
	Gate(GatedAcceptor acceptor, IntSupplier connections) {
		this.acceptor = acceptor;
		this.connections = connections;
	}

	/** Whether the daemon has connections accepted by this process. */
	synchronized void admitted(boolean admitted) {
		this.admitted = admitted;
		apply();
	}

	/**
	 * Shut it if no connection waits to be accepted.
	 * @return whether it is shut
	 * @throws IOException if the system can't accept
	 */
	synchronized boolean shutIfQueueIsEmpty() throws IOException {
		this.admitted = !this.acceptor.shutIfQueueIsEmpty();
		return !this.admitted;
	}

	/** Whether Undertow has connections accepted. */
	synchronized void resumed(boolean resumed) {
		this.resumed = resumed;
		apply();
	}

	synchronized boolean isResumed() {
		return this.resumed;
	}

	/** Whether it is known who takes the connections. */
	synchronized void known(boolean known) {
		this.known = known;
		apply();
	}

	/** When the limit is reached, accept no more until there are a few less. */
	synchronized void limit(int highWater, int lowWater) {
		this.highWater = highWater;
		this.lowWater = lowWater;
		update();
	}

	/** Look how many connections there are now. */
	void update() {
		// The limit is a rare thing: no lock without one.
		if (this.highWater != Integer.MAX_VALUE || this.full) {
			updateLimited();
		}
	}

	private synchronized void updateLimited() {
		int open = this.connections.getAsInt();
		boolean full = open >= this.highWater || (this.full && open > this.lowWater);
		if (full != this.full) {
			this.full = full;
			apply();
		}
	}

	private void apply() {
		if (this.admitted && this.resumed && this.known && !this.full) {
			this.acceptor.open();
		}
		else {
			this.acceptor.shut();
		}
	}

}
