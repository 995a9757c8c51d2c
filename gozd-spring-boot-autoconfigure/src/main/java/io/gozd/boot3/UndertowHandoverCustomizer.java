package io.gozd.boot3;

import java.util.function.Consumer;

import io.gozd.undertow.UndertowListeners;

import org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Gives the Undertow of a factory, servlet or reactive, the listeners of this process.
 * Goes last: it replaces what {@code server.*} says, and sees what the application has
 * changed.
 */
final class UndertowHandoverCustomizer
		implements WebServerFactoryCustomizer<ConfigurableUndertowWebServerFactory>, Ordered {

	private final String id;

	private final UndertowDirectives directives;

	private final UndertowListeners listeners;

	private final Consumer<String> obstacles;

	UndertowHandoverCustomizer(String id, UndertowDirectives directives, UndertowListeners listeners,
			Consumer<String> obstacles) {
		this.id = id;
		this.directives = directives;
		this.listeners = listeners;
		this.obstacles = obstacles;
	}

	@Override
	public void customize(ConfigurableUndertowWebServerFactory factory) {
		this.directives.configure(factory);
		factory.addBuilderCustomizers((builder) -> {
			String obstacle = this.listeners.take(this.id, this.directives.of(factory), builder);
			if (obstacle != null) {
				this.obstacles.accept(obstacle);
			}
		});
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
