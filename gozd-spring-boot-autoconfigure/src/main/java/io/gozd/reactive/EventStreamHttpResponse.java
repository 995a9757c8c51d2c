package io.gozd.reactive;

import io.gozd.drain.EventStreams;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * A response that can be ended while it is written, if it is an event stream. What is
 * written without flushes is no live stream and ends by itself.
 */
final class EventStreamHttpResponse extends ServerHttpResponseDecorator {

	private static final String TYPE = MediaType.TEXT_EVENT_STREAM_VALUE;

	private final EventStreams streams;

	EventStreamHttpResponse(ServerHttpResponse response, EventStreams streams) {
		super(response);
		this.streams = streams;
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return super.writeAndFlushWith(isEventStream() ? new ReactiveEventStream(this.streams).untilEnd(body) : body);
	}

	private boolean isEventStream() {
		String type = getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
		return type != null && type.regionMatches(true, 0, TYPE, 0, TYPE.length());
	}

}
