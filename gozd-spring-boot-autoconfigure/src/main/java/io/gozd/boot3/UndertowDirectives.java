package io.gozd.boot3;

import java.util.List;

import io.gozd.boot.FactoryDirectives;
import io.gozd.boot.UnservedDirectives;
import io.gozd.listener.Directive;
import io.gozd.undertow.Tls;
import io.gozd.undertow.WebDirectives;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.web.embedded.undertow.ConfigurableUndertowWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.util.Assert;

/**
 * The web directives as a factory of Undertow takes them.
 */
final class UndertowDirectives {

	private final FactoryDirectives directives;

	UndertowDirectives(FactoryDirectives directives) {
		this.directives = directives;
	}

	/** Let the first directive replace what {@code server.*} says. */
	void configure(ConfigurableUndertowWebServerFactory factory) {
		UnservedDirectives.refuse("Undertow", true, this.directives);
		this.directives.configureFirst(factory);
	}

	WebDirectives of(ConfigurableUndertowWebServerFactory factory) {
		return new WebDirectives(this.directives.all(), this.directives.first(), this.directives.others(),
				(directive) -> tls(factory, directive));
	}

	private static Tls tls(ConfigurableUndertowWebServerFactory factory, Directive directive) {
		SslBundles bundles = ((AbstractConfigurableWebServerFactory) factory).getSslBundles();
		Assert.state(bundles != null, "There are no SSL bundles");
		SslBundle bundle = bundles.getBundle(directive.sslBundle());
		SslOptions options = bundle.getOptions();
		return new Tls(bundle.createSslContext(), directive.clientAuth(), list(options.getEnabledProtocols()),
				list(options.getCiphers()));
	}

	private static @Nullable List<String> list(String @Nullable [] names) {
		return (names != null) ? List.of(names) : null;
	}

}
