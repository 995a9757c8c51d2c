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
		return super.writeAndFlushWith(untilEnd(getHeaders(), body, this.streams));
	}

	/** What is written, until it is to end. */
	static Publisher<? extends Publisher<? extends DataBuffer>> untilEnd(HttpHeaders headers,
			Publisher<? extends Publisher<? extends DataBuffer>> body, EventStreams streams) {
		return isEventStream(headers) ? new ReactiveEventStream(streams).untilEnd(body) : body;
	}

	private static boolean isEventStream(HttpHeaders headers) {
		String type = headers.getFirst(HttpHeaders.CONTENT_TYPE);
		return type != null && type.regionMatches(true, 0, TYPE, 0, TYPE.length());
	}

}
