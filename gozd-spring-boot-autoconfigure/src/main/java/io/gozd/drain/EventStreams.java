package io.gozd.drain;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams of server-sent events that are open. A client whose stream ends connects
 * again, which is what they are for (HTML standard, 9.2.3).
 */
public final class EventStreams implements LongLived {

	private final Duration patience;

	private final Set<Stream> open = ConcurrentHashMap.newKeySet();

	/**
	 * Create an empty set.
	 * @param patience how long they may go on once a drain has begun
	 */
	public EventStreams(Duration patience) {
		this.patience = patience;
	}

	/**
	 * Note a stream that has begun.
	 * @param stream it
	 */
	public void add(Stream stream) {
		this.open.add(stream);
	}

	/**
	 * Forget a stream that has ended.
	 * @param stream it
	 */
	public void remove(Stream stream) {
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
		this.open.forEach(Stream::end);
	}

	/** A stream that can end between two events. */
	@FunctionalInterface
	public interface Stream {

		/**
		 * End now, or as soon as no event is half written. Called again until it has.
		 */
		void end();

	}

}
