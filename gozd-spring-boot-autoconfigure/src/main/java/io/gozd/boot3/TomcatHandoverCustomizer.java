package io.gozd.boot3;

import java.util.function.Consumer;

import io.gozd.tomcat.TomcatConnectors;
import io.gozd.tomcat.WebDirectives;

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

	private final TomcatDirectives directives;

	private final TomcatConnectors connectors;

	private final Consumer<String> obstacles;

	TomcatHandoverCustomizer(String id, TomcatDirectives directives, TomcatConnectors connectors,
			Consumer<String> obstacles) {
		this.id = id;
		this.directives = directives;
		this.connectors = connectors;
		this.obstacles = obstacles;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		// The setter is in each factory, servlet and reactive, and in no common type.
		PropertyAccessorFactory.forBeanPropertyAccess(factory).setPropertyValue("protocol", this.directives.protocol());
		factory.addContextCustomizers((context) -> {
			WebDirectives web = this.directives.of(factory);
			this.connectors.take(this.id, web, context).forEach(this.obstacles::accept);
		});
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
