package io.gozd.reactive;

import io.gozd.drain.EventStreams;
import reactor.core.publisher.Mono;

import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Notices responses that become a stream of events.
 */
public final class EventStreamWebFilter implements WebFilter {

	private final EventStreams streams;

	/**
	 * Create a filter.
	 * @param streams where streams are noted
	 */
	public EventStreamWebFilter(EventStreams streams) {
		this.streams = streams;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpResponse response = exchange.getResponse();
		// A plain decorator would hide from who sends files that the server can do it.
		ServerHttpResponse decorated = (response instanceof ZeroCopyHttpOutputMessage)
				? new ZeroCopyEventStreamHttpResponse(response, this.streams)
				: new EventStreamHttpResponse(response, this.streams);
		return chain.filter(exchange.mutate().response(decorated).build());
	}

}
