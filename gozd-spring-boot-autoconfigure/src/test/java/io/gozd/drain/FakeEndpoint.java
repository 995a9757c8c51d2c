package io.gozd.drain;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.gozd.listener.ListenerKey;
import org.jspecify.annotations.Nullable;

/**
 * A connector without sockets: its queue is a script, and it keeps what it was told.
 */
final class FakeEndpoint implements Endpoint {

	private static final Set<String> LISTENER_CALLS = Set.of("stopAccepting", "refuseNewcomers", "served", "quiet",
			"closeListener");

	private final List<String> calls = new ArrayList<>();

	private final Deque<Boolean> queue = new ArrayDeque<>();

	private final @Nullable ListenerKey key;

	private int open;

	private final Set<String> failing = new HashSet<>();

	private long quietSince;

	private Duration wasQuiet = Duration.ZERO;

	FakeEndpoint(int open) {
		this(open, null);
	}

	FakeEndpoint(int open, @Nullable ListenerKey key) {
		this.open = open;
		this.key = key;
	}

	/**
	 * What is found at each look into the queue: a connection or none; none after that.
	 */
	synchronized void queue(boolean... connections) {
		for (boolean connection : connections) {
			this.queue.add(connection);
		}
	}

	/** Throw from now on when this is called. */
	synchronized void failAt(String call) {
		this.failing.add(call);
	}

	synchronized void failNoMore() {
		this.failing.clear();
	}

	synchronized void closed(int connections) {
		this.open -= connections;
	}

	synchronized List<String> calls() {
		return new ArrayList<>(this.calls);
	}

	/** What it was told about its listener. */
	List<String> listenerCalls() {
		List<String> calls = calls();
		calls.retainAll(LISTENER_CALLS);
		return calls;
	}

	/** How long the queue was found empty before the listener was closed. */
	synchronized Duration wasQuiet() {
		return this.wasQuiet;
	}

	private synchronized void called(String call) {
		this.calls.add(call);
		if (this.failing.contains(call)) {
			throw new IllegalStateException("This endpoint fails at " + call);
		}
	}

	@Override
	public String name() {
		return "fake";
	}

	@Override
	public @Nullable ListenerKey key() {
		return this.key;
	}

	@Override
	public void accept() {
		called("accept");
	}

	@Override
	public void stopAccepting() {
		called("stopAccepting");
	}

	@Override
	public synchronized boolean stopAcceptingIfQueueIsEmpty() throws IOException {
		if (Boolean.TRUE.equals(this.queue.poll())) {
			this.calls.add("served");
			this.open++;
			this.quietSince = 0;
			return false;
		}
		this.quietSince = (this.quietSince != 0) ? this.quietSince : System.nanoTime();
		this.calls.add("quiet");
		if (this.failing.contains("quiet")) {
			throw new IOException("The queue can't be read");
		}
		return true;
	}

	@Override
	public void refuseNewcomers() {
		called("refuseNewcomers");
	}

	@Override
	public synchronized void closeListener() {
		this.wasQuiet = (this.quietSince != 0) ? Duration.ofNanos(System.nanoTime() - this.quietSince) : Duration.ZERO;
		called("closeListener");
	}

	@Override
	public void draining(boolean draining) {
		called("draining " + draining);
	}

	@Override
	public void remind() {
		called("remind");
	}

	@Override
	public void closeIdle() {
		called("closeIdle");
	}

	@Override
	public synchronized void closeAll() {
		called("closeAll");
		this.open = 0;
	}

	@Override
	public synchronized int openConnections() {
		if (this.failing.contains("openConnections")) {
			throw new IllegalStateException("This endpoint can't count");
		}
		return this.open;
	}

}
