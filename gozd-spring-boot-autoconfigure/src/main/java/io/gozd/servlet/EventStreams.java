package io.gozd.servlet;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.gozd.drain.LongLived;

/**
 * The streams of server-sent events that are open. A client whose stream ends connects
 * again, which is what they are for (HTML standard, 9.2.3).
 */
public final class EventStreams implements LongLived {

	private final Duration patience;

	private final Set<EventStream> open = ConcurrentHashMap.newKeySet();

	/**
	 * Create an empty set.
	 * @param patience how long they may go on once a drain has begun
	 */
	public EventStreams(Duration patience) {
		this.patience = patience;
	}

	void add(EventStream stream) {
		this.open.add(stream);
	}

	void remove(EventStream stream) {
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
		this.open.forEach(EventStream::end);
	}

}
