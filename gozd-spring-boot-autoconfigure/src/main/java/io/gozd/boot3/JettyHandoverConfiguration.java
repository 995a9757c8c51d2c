package io.gozd.boot3;

import io.gozd.boot.FactoryDirectives;
import io.gozd.boot.JettyHandover;
import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.jetty.JettyConnectors;
import io.gozd.posix.NativePosix;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Jetty on listeners that can be handed over.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory",
		"org.eclipse.jetty.server.Server" })
class JettyHandoverConfiguration {

	@Bean
	JettyConnectors gozdJettyConnectors(Generation generation) {
		return new JettyConnectors(generation.listeners(), generation.endpoints(), NativePosix::get);
	}

	@Bean
	JettyHandover gozdJettyHandover(FactoryDirectives directives, JettyConnectors connectors, Application application) {
		return new JettyHandover("server", directives, connectors, application::addObstacle);
	}

	@Bean
	JettyHandoverCustomizer gozdJettyCustomizer(JettyHandover gozdJettyHandover) {
		return new JettyHandoverCustomizer(gozdJettyHandover);
	}

	@Bean
	LastJettyCustomizer gozdLastJettyCustomizer(JettyHandover gozdJettyHandover) {
		return new LastJettyCustomizer(gozdJettyHandover);
	}

}
