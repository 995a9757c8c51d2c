package io.gozd.boot3;

import io.gozd.boot.FactoryDirectives;
import io.gozd.boot.JettyHandover;
import io.gozd.daemon.Application;
import io.gozd.jetty.JettyConnectors;
import io.gozd.listener.Directives;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/**
 * The Jetty of a management port of its own: a child context, which does not see the
 * customizers of its parent.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
@ConditionalOnClass(name = { "org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory",
		"org.eclipse.jetty.server.Server" })
@ConditionalOnBean(JettyConnectors.class)
final class JettyManagementConfiguration {

	@Bean
	JettyHandover gozdManagementJettyHandover(Directives directives, JettyConnectors connectors,
			Application application) {
		return new JettyHandover("management", FactoryDirectives.none(directives), connectors,
				application::addObstacle);
	}

	@Bean
	JettyHandoverCustomizer gozdManagementJettyCustomizer(JettyHandover gozdManagementJettyHandover) {
		return new JettyHandoverCustomizer(gozdManagementJettyHandover);
	}

	@Bean
	LastJettyCustomizer gozdLastManagementJettyCustomizer(JettyHandover gozdManagementJettyHandover) {
		return new LastJettyCustomizer(gozdManagementJettyHandover);
	}

}
