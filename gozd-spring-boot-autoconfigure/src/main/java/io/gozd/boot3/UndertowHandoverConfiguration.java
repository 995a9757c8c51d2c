package io.gozd.boot3;

import io.gozd.boot.FactoryDirectives;
import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.posix.NativePosix;
import io.gozd.undertow.UndertowListeners;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Undertow on listeners that can be handed over.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory",
		"io.undertow.Undertow" })
class UndertowHandoverConfiguration {

	@Bean
	UndertowListeners gozdUndertowListeners(Generation generation) {
		return new UndertowListeners(generation.listeners(), generation.endpoints(), NativePosix::get);
	}

	@Bean
	WebServerFactoryCustomizer<ConfigurableUndertowWebServerFactory> gozdUndertowCustomizer(
			FactoryDirectives directives, UndertowListeners listeners, Application application) {
		return new UndertowHandoverCustomizer("server", new UndertowDirectives(directives), listeners,
				application::addObstacle);
	}

	@Bean
	UndertowStarts gozdUndertowStarts(UndertowListeners listeners, Application application) {
		return new UndertowStarts(listeners, application::addObstacle);
	}

}
