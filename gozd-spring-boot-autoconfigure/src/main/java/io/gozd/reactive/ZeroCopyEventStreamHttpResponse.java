package io.gozd.reactive;

import java.nio.file.Path;

import io.gozd.drain.EventStreams;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;

/**
 * A response that can be ended while it is written, of a server that can send files by
 * itself: whoever sends one sees that.
 */
final class ZeroCopyEventStreamHttpResponse extends ServerHttpResponseDecorator implements ZeroCopyHttpOutputMessage {

	private final EventStreams streams;

	ZeroCopyEventStreamHttpResponse(ServerHttpResponse response, EventStreams streams) {
		super(response);
		this.streams = streams;
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return super.writeAndFlushWith(EventStreamHttpResponse.untilEnd(getHeaders(), body, this.streams));
	}

	@Override
	public Mono<Void> writeWith(Path file, long position, long count) {
		return ((ZeroCopyHttpOutputMessage) getDelegate()).writeWith(file, position, count);
	}

}
