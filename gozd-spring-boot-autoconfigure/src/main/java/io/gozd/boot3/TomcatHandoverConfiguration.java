package io.gozd.boot3;

import java.util.List;

import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.posix.NativePosix;
import io.gozd.tomcat.TomcatConnectors;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

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
	TomcatDirectives gozdTomcatDirectives(Directives directives, Environment environment) {
		List<Directive> web = directives.all().stream().filter((directive) -> directive.protocol().isWeb()).toList();
		return new TomcatDirectives(directives, web, !environment.containsProperty("server.port"));
	}

	@Bean
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> gozdTomcatCustomizer(TomcatDirectives directives,
			TomcatConnectors connectors, Application application) {
		return new TomcatHandoverCustomizer("server", directives, connectors, application::addObstacle);
	}

}
