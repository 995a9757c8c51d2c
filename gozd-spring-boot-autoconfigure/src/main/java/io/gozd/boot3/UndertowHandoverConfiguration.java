package io.gozd.boot3;

import java.util.List;

import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.posix.NativePosix;
import io.gozd.undertow.UndertowListeners;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Undertow on listeners that can be handed over.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory",
		"io.undertow.Undertow" })
public class UndertowHandoverConfiguration {

	@Bean
	UndertowListeners gozdUndertowListeners(Generation generation) {
		return new UndertowListeners(generation.listeners(), generation.endpoints(), NativePosix::get);
	}

	@Bean
	WebServerFactoryCustomizer<ConfigurableUndertowWebServerFactory> gozdUndertowCustomizer(Directives directives,
			Environment environment, UndertowListeners listeners, Application application) {
		List<Directive> web = directives.all().stream().filter((directive) -> directive.protocol().isWeb()).toList();
		UndertowDirectives served = new UndertowDirectives(directives, web,
				!environment.containsProperty("server.port"));
		return new UndertowHandoverCustomizer("server", served, listeners, application::addObstacle);
	}

	@Bean
	UndertowStarts gozdUndertowStarts(UndertowListeners listeners, Application application) {
		return new UndertowStarts(listeners, application::addObstacle);
	}

}
