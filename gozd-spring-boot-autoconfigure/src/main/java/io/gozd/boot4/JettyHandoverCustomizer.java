package io.gozd.boot4;

import io.gozd.boot.JettyHandover;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Puts the connectors of a Jetty on listeners that can be handed over. Goes first: what
 * others customize are these connectors.
 */
final class JettyHandoverCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private final JettyHandover handover;

	JettyHandoverCustomizer(JettyHandover handover) {
		this.handover = handover;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		factory.addServerCustomizers(
				(server) -> this.handover.connectors().prepare(this.handover.id(), this.handover.of(factory), server));
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
