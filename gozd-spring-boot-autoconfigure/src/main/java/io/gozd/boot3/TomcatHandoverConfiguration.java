package io.gozd.boot3;

import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.posix.NativePosix;
import io.gozd.tomcat.TomcatConnectors;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Tomcat on listeners that can be handed over.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory",
		"org.apache.catalina.startup.Tomcat" })
public class TomcatHandoverConfiguration {

	@Bean
	TomcatConnectors gozdTomcatConnectors(Generation generation) {
		return new TomcatConnectors(generation.listeners(), generation.endpoints(), NativePosix::get);
	}

	@Bean
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> gozdTomcatCustomizer(TomcatConnectors connectors,
			Application application) {
		return new TomcatHandoverCustomizer("server", connectors, application::addObstacle);
	}

}
