package io.gozd.boot3;

import java.util.List;
import java.util.stream.Collectors;

import io.gozd.boot.FactoryDirectives;
import io.gozd.daemon.DaemonException;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Protocol;
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
 * The web directives as a factory of Undertow takes them. The first stands in for the
 * default listener, unless the user has configured that.
 */
final class UndertowDirectives {

	private final Directives directives;

	private final List<Directive> served;

	private final @Nullable Directive first;

	private final List<Directive> others;

	/**
	 * Create them.
	 * @param directives the directives of the process
	 * @param served those that the factory's Undertow serves
	 * @param replacesDefault whether the first is the default listener
	 */
	UndertowDirectives(Directives directives, List<Directive> served, boolean replacesDefault) {
		this.directives = directives;
		this.served = served;
		this.first = (replacesDefault && !served.isEmpty()) ? served.get(0) : null;
		this.others = (this.first != null) ? served.subList(1, served.size()) : served;
	}

	/** Let the first directive replace what {@code server.*} says. */
	void configure(ConfigurableUndertowWebServerFactory factory) {
		refuse();
		if (this.first != null) {
			FactoryDirectives.configure(factory, this.first);
		}
	}

	/** Undertow has no way to serve some of what others can. */
	private void refuse() {
		List<Directive> refused = this.served.stream()
			.filter((directive) -> directive.protocol() == Protocol.FCGI || !directive.isTcp())
			.toList();
		if (!refused.isEmpty()) {
			throw new DaemonException(
					refused.stream().map(UndertowDirectives::reason).collect(Collectors.joining("\n")),
					wayOut(refused));
		}
	}

	private static String reason(Directive directive) {
		String property = "gozd.directives." + directive.id();
		if (directive.protocol() == Protocol.FCGI) {
			return property + ".protocol is 'fcgi', and the application's web server is Undertow, which does not speak"
					+ " FastCGI";
		}
		return property + ".address is the Unix socket '" + directive.address()
				+ "', and the application's web server is Undertow, which serves TCP alone";
	}

	private static String wayOut(List<Directive> refused) {
		boolean fcgi = refused.stream().anyMatch((directive) -> directive.protocol() == Protocol.FCGI);
		String server = fcgi ? "Use spring-boot-starter-tomcat as the application's web server"
				: "Use spring-boot-starter-tomcat or spring-boot-starter-jetty as the application's web server";
		return server + ", give the directive " + (fcgi ? "another protocol" : "a host and a port") + ", or remove it";
	}

	WebDirectives of(ConfigurableUndertowWebServerFactory factory) {
		return new WebDirectives(this.directives, this.first, this.others, (directive) -> tls(factory, directive));
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
