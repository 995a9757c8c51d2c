package io.gozd.drain;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A connector without sockets: its queue is a script, and it keeps what it was told.
 */
final class FakeEndpoint implements Endpoint {

	private final List<String> calls = new ArrayList<>();

	private final Deque<Boolean> queue = new ArrayDeque<>();

	private int open;

	private final Set<String> failing = new HashSet<>();

	FakeEndpoint(int open) {
		this.open = open;
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
			return false;
		}
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
	public void closeListener() {
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
