package io.gozd.drain;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

import io.gozd.listener.ListenerKey;

/**
 * The endpoints of this process. An endpoint that joins while the gates are open accepts
 * at once. Thread safe.
 */
public final class Endpoints {

	private final List<Endpoint> endpoints = new CopyOnWriteArrayList<>();

	private final List<LongLived> longLived = new CopyOnWriteArrayList<>();

	private boolean open;

	/**
	 * Add an endpoint that has a listener.
	 * @param endpoint it
	 */
	public synchronized void add(Endpoint endpoint) {
		this.endpoints.add(endpoint);
		if (this.open) {
			endpoint.accept();
		}
	}

	/**
	 * Remove an endpoint that has none any more.
	 * @param endpoint it
	 */
	public void remove(Endpoint endpoint) {
		this.endpoints.remove(endpoint);
	}

	/**
	 * Add exchanges that have no end of their own.
	 * @param exchanges them
	 */
	public void add(LongLived exchanges) {
		this.longLived.add(exchanges);
	}

	/**
	 * Open every gate, those of endpoints to come included.
	 */
	public synchronized void open() {
		this.open = true;
		forEach(Endpoint::accept);
	}

	/**
	 * Shut gates: when this returns, nothing accepts there.
	 * @param adopted tells listeners that somebody else accepts from
	 * @return the endpoints that go on accepting, because nobody else does
	 */
	public synchronized List<Endpoint> stopAccepting(Predicate<ListenerKey> adopted) {
		this.open = false;
		List<Endpoint> dropped = new ArrayList<>();
		for (Endpoint endpoint : this.endpoints) {
			ListenerKey key = endpoint.key();
			if (key == null || adopted.test(key)) {
				endpoint.stopAccepting();
			}
			else {
				dropped.add(endpoint);
			}
		}
		return dropped;
	}

	/**
	 * Return the connections that are open.
	 * @return their number
	 */
	public int openConnections() {
		return this.endpoints.stream().mapToInt(Endpoint::openConnections).sum();
	}

	List<LongLived> longLived() {
		return this.longLived;
	}

	/**
	 * Do something with every endpoint.
	 * @param action what
	 */
	public void forEach(Consumer<Endpoint> action) {
		this.endpoints.forEach(action);
	}

}
