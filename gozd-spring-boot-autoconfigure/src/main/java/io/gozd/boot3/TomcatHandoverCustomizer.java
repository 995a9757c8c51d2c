package io.gozd.boot3;

import java.util.function.Consumer;

import io.gozd.tomcat.TomcatConnectors;

import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Gives a factory the protocol that can hand its listener over. Goes first: an
 * application that chooses another protocol has its way, and is told what it can't do
 * then.
 */
final class TomcatHandoverCustomizer
		implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

	private final String id;

	private final TomcatConnectors connectors;

	private final Consumer<String> obstacles;

	TomcatHandoverCustomizer(String id, TomcatConnectors connectors, Consumer<String> obstacles) {
		this.id = id;
		this.connectors = connectors;
		this.obstacles = obstacles;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		// The setter is in each factory, servlet and reactive, and in no common type.
		PropertyAccessorFactory.forBeanPropertyAccess(factory).setPropertyValue("protocol", TomcatConnectors.PROTOCOL);
		factory
			.addContextCustomizers((context) -> this.connectors.take(this.id, context).forEach(this.obstacles::accept));
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
