package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;
import io.gozd.drain.EventStreams;
import io.gozd.servlet.EventStreamFilter;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Event streams of servlets end cleanly.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(name = "org.springframework.boot.web.servlet.FilterRegistrationBean")
final class ServletDrainConfiguration {

	@Bean
	EventStreams gozdEventStreams(GozdProperties properties, Generation generation) {
		EventStreams streams = new EventStreams(properties.drain().sseTimeout());
		generation.endpoints().add(streams);
		return streams;
	}

	@Bean
	FilterRegistrationBean<EventStreamFilter> gozdEventStreamFilter(EventStreams streams) {
		FilterRegistrationBean<EventStreamFilter> registration = new FilterRegistrationBean<>(
				new EventStreamFilter(streams));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
		return registration;
	}

}
