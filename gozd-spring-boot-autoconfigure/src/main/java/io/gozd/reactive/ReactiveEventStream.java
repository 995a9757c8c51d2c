package io.gozd.reactive;

import io.gozd.drain.EventBoundary;
import io.gozd.drain.EventStreams;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/**
 * One stream of events. What is written comes in parts, and is flushed behind each: most
 * often a part is an event. The stream completes between two parts, where every event is
 * whole, and its source is cancelled as if the client had gone.
 */
final class ReactiveEventStream implements EventStreams.Stream {

	private final EventStreams streams;

	private final Sinks.Empty<Void> end = Sinks.empty();

	// Only the part that is being written touches it, and between two parts who ends.
	private final EventBoundary boundary = new EventBoundary();

	private boolean known;

	private boolean writing;

	private boolean ending;

	private boolean ended;

	ReactiveEventStream(EventStreams streams) {
		this.streams = streams;
	}

	/** The parts that are written until the end. */
	Flux<Publisher<DataBuffer>> untilEnd(Publisher<? extends Publisher<? extends DataBuffer>> parts) {
		// Known when the first part is asked for: before, its subscriber may not be ready
		// for the end.
		return Flux.from(parts)
			.map(this::part)
			.takeUntilOther(this.end.asMono())
			.doOnRequest((demand) -> begin())
			.doFinally((signal) -> this.streams.remove(this));
	}

	/** End now, or as soon as the event that is being written is whole. */
	@Override
	public void end() {
		synchronized (this) {
			this.ending = true;
		}
		endBetweenEvents();
	}

	private void begin() {
		if (!this.known) {
			this.known = true;
			this.streams.add(this);
		}
	}

	private Publisher<DataBuffer> part(Publisher<? extends DataBuffer> part) {
		Flux<DataBuffer> buffers = Flux.from(part);
		// Deferred: whoever writes may ask for parts ahead.
		return Flux.defer(() -> beginPart() ? buffers.doOnNext(this::written).doOnComplete(this::endPart)
				: buffers.doOnNext(DataBufferUtils::release).ignoreElements());
	}

	private void written(DataBuffer buffer) {
		for (int i = buffer.readPosition(); i < buffer.writePosition(); i++) {
			this.boundary.next(buffer.getByte(i));
		}
	}

	private synchronized boolean beginPart() {
		this.writing = !this.ended;
		return this.writing;
	}

	// Before whoever writes the part hears of its end and asks for another.
	private void endPart() {
		synchronized (this) {
			this.writing = false;
		}
		endBetweenEvents();
	}

	private void endBetweenEvents() {
		synchronized (this) {
			if (!this.ending || this.ended || this.writing || !this.boundary.isBetweenEvents()) {
				return;
			}
			this.ended = true;
		}
		this.end.tryEmitEmpty();
	}

}
