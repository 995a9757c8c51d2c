package io.gozd.boot;

import java.util.List;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The web directives of the application's own web server, whichever that is.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(name = "org.springframework.boot.web.server.ConfigurableWebServerFactory")
public class FactoryDirectivesConfiguration {

	@Bean
	FactoryDirectives gozdFactoryDirectives(Directives directives, Environment environment) {
		List<Directive> web = directives.all().stream().filter((directive) -> directive.protocol().isWeb()).toList();
		return new FactoryDirectives(directives, web, !environment.containsProperty("server.port"));
	}

}
