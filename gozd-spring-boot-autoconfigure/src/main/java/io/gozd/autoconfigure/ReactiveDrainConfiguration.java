package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;
import io.gozd.drain.EventStreams;
import io.gozd.reactive.EventStreamWebFilter;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Event streams of WebFlux end cleanly.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(name = { "org.springframework.web.server.WebFilter", "reactor.core.publisher.Flux" })
final class ReactiveDrainConfiguration {

	@Bean
	EventStreams gozdReactiveEventStreams(GozdProperties properties, Generation generation) {
		EventStreams streams = new EventStreams(properties.drain().sseTimeout());
		generation.endpoints().add(streams);
		return streams;
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE + 10)
	EventStreamWebFilter gozdEventStreamWebFilter(EventStreams streams) {
		return new EventStreamWebFilter(streams);
	}

}
