package io.gozd.boot4;

import io.gozd.boot.FactoryDirectives;
import io.gozd.boot.TomcatHandover;
import io.gozd.daemon.Application;
import io.gozd.listener.Directives;
import io.gozd.tomcat.TomcatConnectors;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * The Tomcat of a management port of its own: a child context, which does not see the
 * customizers of its parent.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory",
		"org.apache.catalina.startup.Tomcat" })
@ConditionalOnBean(TomcatConnectors.class)
final class TomcatManagementConfiguration {

	@Bean
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> gozdManagementTomcatCustomizer(Directives directives,
			TomcatConnectors connectors, Application application) {
		return new TomcatHandoverCustomizer(new TomcatHandover("management", FactoryDirectives.none(directives),
				connectors, application::addObstacle));
	}

}
