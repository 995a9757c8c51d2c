package io.gozd.boot;

import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Gives a factory the address and the SSL of the first directive. Goes last: it replaces
 * what {@code server.*} says.
 */
public final class FirstDirective implements WebServerFactoryCustomizer<ConfigurableWebServerFactory>, Ordered {

	private final Class<? extends ConfigurableWebServerFactory> type;

	private final FactoryDirectives directives;

	/**
	 * Create it.
	 * @param type the factories of the server that can take directives
	 * @param directives the directives
	 */
	public FirstDirective(Class<? extends ConfigurableWebServerFactory> type, FactoryDirectives directives) {
		this.type = type;
		this.directives = directives;
	}

	@Override
	public void customize(ConfigurableWebServerFactory factory) {
		if (this.type.isInstance(factory)) {
			this.directives.configureFirst(factory);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
