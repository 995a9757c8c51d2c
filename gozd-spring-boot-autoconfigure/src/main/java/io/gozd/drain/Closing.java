package io.gozd.drain;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import io.gozd.listener.SupervisedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Endpoints that close their listeners for good: what waits in the queues of the kernel
 * is served first. A queue counts as empty when it was so twice, with a time between that
 * is longer than a handshake takes that was under way when newcomers were refused. Used
 * by one thread.
 */
final class Closing {

	private static final Log logger = LogFactory.getLog(Closing.class);

	private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private final Map<Endpoint, Long> quietSince = new HashMap<>();

	/** Those that newcomers come to still. */
	private final Set<Endpoint> unguarded = new HashSet<>();

	private final BiConsumer<Endpoint, Runnable> guard;

	private List<Endpoint> endpoints;

	private boolean begun;

	/**
	 * Begin with endpoints that accept still.
	 * @param endpoints them
	 * @param guard runs what an endpoint does, and bears that it fails
	 */
	Closing(List<Endpoint> endpoints, BiConsumer<Endpoint, Runnable> guard) {
		this.endpoints = endpoints;
		this.guard = guard;
	}

	boolean isDone() {
		return this.endpoints.isEmpty();
	}

	/** Close those whose queues are empty. To be called again, until it is done. */
	void goOn() {
		boolean first = !this.begun;
		this.begun = true;
		this.endpoints = this.endpoints.stream().filter((endpoint) -> {
			// One after the other, and not all of them first: until its queue is looked
			// at, the acceptor of a Unix socket that refuses finds it ready all the time.
			if (first) {
				this.guard.accept(endpoint, () -> refuseNewcomers(endpoint));
			}
			return !isQuiet(endpoint);
		}).toList();
	}

	private void refuseNewcomers(Endpoint endpoint) {
		this.unguarded.add(endpoint);
		try {
			endpoint.refuseNewcomers();
			this.unguarded.remove(endpoint);
		}
		catch (SupervisedException ex) {
			// Who comes after the last look is served by the next daemon.
			logger.debug(endpoint.name() + " is closed when its queue is empty", ex);
		}
		catch (IOException | LinkageError ex) {
			logger.warn("Connections that arrive when the listener of " + endpoint.name() + " closes may be reset: "
					+ ex.getMessage());
		}
	}

	private boolean isQuiet(Endpoint endpoint) {
		long look = System.nanoTime();
		if (!stopsAccepting(endpoint)) {
			this.quietSince.remove(endpoint);
			return false;
		}
		// Where newcomers come, a second look would find one.
		if (!this.unguarded.contains(endpoint)) {
			Long since = this.quietSince.putIfAbsent(endpoint, System.nanoTime());
			if (since == null || look - since < QUIET_NANOS) {
				return false;
			}
		}
		this.guard.accept(endpoint, endpoint::closeListener);
		return true;
	}

	private static boolean stopsAccepting(Endpoint endpoint) {
		try {
			return endpoint.stopAcceptingIfQueueIsEmpty();
		}
		catch (IOException | RuntimeException | OutOfMemoryError ex) {
			// For want of descriptors, or threads: some become free when connections end.
			logger.debug("Can't read the accept queue of " + endpoint.name(), ex);
			return false;
		}
	}

	/** The time is over: close them, whatever waits. */
	void closeNow() {
		for (Endpoint endpoint : this.endpoints) {
			this.guard.accept(endpoint, endpoint::stopAccepting);
			this.guard.accept(endpoint, endpoint::closeListener);
		}
		this.endpoints = List.of();
	}

}
