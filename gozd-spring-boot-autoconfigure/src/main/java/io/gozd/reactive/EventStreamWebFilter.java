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
		if (response instanceof ZeroCopyHttpOutputMessage) {
			// A decorator would hide that from who sends files. Tomcat has no such
			// response, and other servers are not drained.
			return chain.filter(exchange);
		}
		return chain.filter(exchange.mutate().response(new EventStreamHttpResponse(response, this.streams)).build());
	}

}
