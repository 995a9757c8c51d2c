package io.gozd.boot3;

import java.util.function.Consumer;

import io.gozd.boot.JettyDirectives;
import io.gozd.jetty.JettyConnectors;

import org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Puts the connectors of a Jetty on listeners that can be handed over. Goes first: what
 * others customize are these connectors.
 */
final class JettyHandoverCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private final String id;

	private final JettyDirectives directives;

	private final JettyConnectors connectors;

	JettyHandoverCustomizer(String id, JettyDirectives directives, JettyConnectors connectors) {
		this.id = id;
		this.directives = directives;
		this.connectors = connectors;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		factory.addServerCustomizers((server) -> this.connectors.prepare(this.id, this.directives.of(factory), server));
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	/** What is to be done when everybody else has customized. */
	WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> last(Consumer<String> obstacles) {
		return new Last(obstacles);
	}

	private final class Last implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

		private final Consumer<String> obstacles;

		Last(Consumer<String> obstacles) {
			this.obstacles = obstacles;
		}

		@Override
		public void customize(ConfigurableJettyWebServerFactory factory) {
			JettyHandoverCustomizer outer = JettyHandoverCustomizer.this;
			outer.directives.configure(factory);
			factory
				.addServerCustomizers((server) -> outer.connectors.take(outer.id, outer.directives.of(factory), server)
					.forEach(this.obstacles));
		}

		@Override
		public int getOrder() {
			return Ordered.LOWEST_PRECEDENCE;
		}

	}

}
