package io.gozd.boot3;

import io.gozd.boot.JettyHandover;

import org.springframework.boot.web.embedded.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Takes the connectors of a Jetty that others have added, and replaces what
 * {@code server.*} says. Goes last: then it is known.
 */
final class LastJettyCustomizer implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private final JettyHandover handover;

	LastJettyCustomizer(JettyHandover handover) {
		this.handover = handover;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		this.handover.configure(factory);
		factory.addServerCustomizers((server) -> this.handover.connectors()
			.take(this.handover.id(), this.handover.of(factory), server)
			.forEach(this.handover.obstacles()));
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
