package io.gozd.boot3;

import io.gozd.boot.JettyDirectives;
import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.jetty.JettyConnectors;
import io.gozd.listener.Directives;
import io.gozd.posix.NativePosix;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

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
	JettyHandoverCustomizer gozdJettyCustomizer(Directives directives, JettyConnectors connectors,
			Environment environment) {
		JettyDirectives web = new JettyDirectives(directives, !environment.containsProperty("server.port"));
		return new JettyHandoverCustomizer("server", web, connectors);
	}

	@Bean
	WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> gozdLastJettyCustomizer(
			JettyHandoverCustomizer gozdJettyCustomizer, Application application) {
		return gozdJettyCustomizer.last(application::addObstacle);
	}

}
