package io.gozd.daemon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import io.gozd.drain.DrainCause;
import io.gozd.drain.Endpoint;
import io.gozd.drain.Endpoints;
import io.gozd.listener.ListenerKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * How the incumbent stops serving: for a successor, whom it may have to take the daemon
 * back from, or for good. Used in the {@link Loop} alone.
 */
final class Withdrawal {

	private static final Log logger = LogFactory.getLog(Withdrawal.class);

	private final Endpoints endpoints;

	private final Ending ending;

	private final Loop loop;

	private final Duration exitTimeout;

	private DrainCause cause = DrainCause.TERMINATE;

	/** What the successor did not adopt: nobody else accepts there. */
	private List<Endpoint> dropped = List.of();

	Withdrawal(Endpoints endpoints, Ending ending, Loop loop, Duration exitTimeout) {
		this.endpoints = endpoints;
		this.ending = ending;
		this.loop = loop;
		this.exitTimeout = exitTimeout;
	}

	/** Accept no more where the successor does. */
	void stopAccepting(Predicate<ListenerKey> adopted) {
		this.dropped = this.endpoints.stopAccepting(adopted);
	}

	/** Drain, while the successor serves. */
	void drain(Runnable drained) {
		try {
			this.ending.begin(DrainCause.HANDOVER, this.dropped);
		}
		catch (RuntimeException | Error ex) {
			// No more threads, say: nobody counts connections, but the deadline holds.
			logger.error("This generation can't drain as it should", ex);
			this.loop.schedule(this.exitTimeout, drained);
		}
	}

	/** Serve again. */
	void revoke() {
		this.endpoints.open();
		this.ending.cancel();
	}

	/** Close the listeners: they are the successor's. */
	void complete() {
		this.endpoints.forEach((endpoint) -> {
			if (!this.dropped.contains(endpoint)) {
				endpoint.closeListener();
			}
		});
		this.ending.released();
	}

	/** Say why {@link #terminate()} is called next. */
	void because(DrainCause cause) {
		this.cause = cause;
	}

	/** Drain and close everything: nobody succeeds. */
	void terminate() {
		List<Endpoint> all = new ArrayList<>();
		this.endpoints.forEach(all::add);
		this.ending.begin(this.cause, all);
	}

	/** Close the application and end the process. */
	void exit() {
		this.ending.exit();
	}

}
