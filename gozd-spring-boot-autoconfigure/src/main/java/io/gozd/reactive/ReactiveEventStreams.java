package io.gozd.reactive;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.gozd.drain.LongLived;

/**
 * The streams of server-sent events of a reactive application that are open. Thread safe.
 */
public final class ReactiveEventStreams implements LongLived {

	private final Duration patience;

	private final Set<ReactiveEventStream> open = ConcurrentHashMap.newKeySet();

	/**
	 * Create an empty set.
	 * @param patience how long they may go on once a drain has begun
	 */
	public ReactiveEventStreams(Duration patience) {
		this.patience = patience;
	}

	void add(ReactiveEventStream stream) {
		this.open.add(stream);
	}

	void remove(ReactiveEventStream stream) {
		this.open.remove(stream);
	}

	@Override
	public String name() {
		return "event streams";
	}

	@Override
	public Duration patience() {
		return this.patience;
	}

	@Override
	public void end() {
		this.open.forEach(ReactiveEventStream::end);
	}

}
