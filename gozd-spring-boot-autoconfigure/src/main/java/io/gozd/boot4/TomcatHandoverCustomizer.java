package io.gozd.boot4;

import io.gozd.boot.TomcatHandover;

import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Gives a factory the protocol that can hand its listener over. Goes first: an
 * application that chooses another protocol has its way, and is told what it can't do
 * then.
 */
final class TomcatHandoverCustomizer
		implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

	private final TomcatHandover handover;

	TomcatHandoverCustomizer(TomcatHandover handover) {
		this.handover = handover;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		this.handover.chooseProtocol(factory);
		factory.addContextCustomizers((context) -> this.handover.connectors()
			.take(this.handover.id(), this.handover.of(factory), context)
			.forEach(this.handover.obstacles()));
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
