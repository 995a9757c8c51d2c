package io.gozd.boot4;

import io.gozd.boot.FactoryDirectives;
import io.gozd.boot.FirstDirective;
import io.gozd.boot.TomcatHandover;
import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.posix.NativePosix;
import io.gozd.tomcat.TomcatConnectors;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tomcat on listeners that can be handed over.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory",
		"org.apache.catalina.startup.Tomcat" })
class TomcatHandoverConfiguration {

	@Bean
	TomcatConnectors gozdTomcatConnectors(Generation generation) {
		return new TomcatConnectors(generation.listeners(), generation.endpoints(), NativePosix::get);
	}

	@Bean
	FirstDirective gozdTomcatDirective(FactoryDirectives directives) {
		return new FirstDirective(ConfigurableTomcatWebServerFactory.class, directives);
	}

	@Bean
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> gozdTomcatCustomizer(FactoryDirectives directives,
			TomcatConnectors connectors, Application application) {
		return new TomcatHandoverCustomizer(
				new TomcatHandover("server", directives, connectors, application::addObstacle));
	}

}
