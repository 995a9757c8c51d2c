package io.gozd.boot3;

import io.gozd.boot.FactoryDirectives;
import io.gozd.daemon.Application;
import io.gozd.listener.Directives;
import io.gozd.undertow.UndertowListeners;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * The Undertow of a management port of its own: a child context, which does not see the
 * customizers of its parent.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory",
		"io.undertow.Undertow" })
@ConditionalOnBean(UndertowListeners.class)
final class UndertowManagementConfiguration {

	@Bean
	WebServerFactoryCustomizer<ConfigurableUndertowWebServerFactory> gozdManagementUndertowCustomizer(
			Directives directives, UndertowListeners listeners, Application application) {
		UndertowDirectives none = new UndertowDirectives(FactoryDirectives.none(directives));
		return new UndertowHandoverCustomizer("management", none, listeners, application::addObstacle);
	}

}
