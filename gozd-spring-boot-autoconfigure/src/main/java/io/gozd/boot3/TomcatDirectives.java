package io.gozd.boot3;

import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Protocol;
import io.gozd.tomcat.TomcatConnectors;
import io.gozd.tomcat.WebDirectives;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.embedded.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * The web directives as a factory of Tomcat takes them. The first stands in for the
 * default connector, unless the user has configured that. The others are customized by
 * the factory as it does its own connector, with its address and SSL changed meanwhile.
 * Goes last: it replaces what {@code server.*} says.
 */
final class TomcatDirectives implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory>, Ordered {

	private final Directives directives;

	private final @Nullable Directive first;

	private final List<Directive> others;

	/**
	 * Create them.
	 * @param directives the directives of the process
	 * @param served those that the factory's Tomcat serves
	 * @param replacesDefault whether the first is the default connector
	 */
	TomcatDirectives(Directives directives, List<Directive> served, boolean replacesDefault) {
		this.directives = directives;
		// One of HTTP, if there is any: applications ask for the port of the first.
		List<Directive> ordered = Stream
			.concat(served.stream().filter((directive) -> directive.protocol() != Protocol.FCGI),
					served.stream().filter((directive) -> directive.protocol() == Protocol.FCGI))
			.toList();
		this.first = (replacesDefault && !ordered.isEmpty()) ? ordered.get(0) : null;
		this.others = (this.first != null) ? ordered.subList(1, ordered.size()) : ordered;
	}

	@Override
	public void customize(ConfigurableTomcatWebServerFactory factory) {
		if (this.first != null) {
			configure(factory, this.first);
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/** The name of the protocol of the first connector. */
	String protocol() {
		return (this.first != null && this.first.protocol() == Protocol.FCGI) ? TomcatConnectors.FCGI_PROTOCOL
				: TomcatConnectors.PROTOCOL;
	}

	WebDirectives of(ConfigurableTomcatWebServerFactory factory) {
		return new WebDirectives(this.directives, this.first, this.others,
				(connector, directive) -> customize(connector, directive, factory));
	}

	private static void customize(Object connector, Directive directive, ConfigurableTomcatWebServerFactory factory) {
		AbstractConfigurableWebServerFactory settings = (AbstractConfigurableWebServerFactory) factory;
		int port = settings.getPort();
		var address = settings.getAddress();
		Ssl ssl = settings.getSsl();
		try {
			configure(factory, directive);
			// Protected: made for factories that extend this one.
			Method method = ReflectionUtils.findMethod(factory.getClass(), "customizeConnector", connector.getClass());
			Assert.state(method != null, "This release of Spring Boot has another factory of Tomcats");
			ReflectionUtils.makeAccessible(method);
			ReflectionUtils.invokeMethod(method, factory, connector);
		}
		finally {
			factory.setPort(port);
			factory.setAddress(address);
			factory.setSsl(ssl);
		}
	}

	private static void configure(ConfigurableTomcatWebServerFactory factory, Directive directive) {
		if (directive.address() instanceof InetSocketAddress address) {
			factory.setPort(address.getPort());
			factory.setAddress(address.getAddress());
		}
		else {
			factory.setPort(0);
			factory.setAddress(null);
		}
		factory.setSsl((directive.protocol() == Protocol.HTTPS) ? ssl(directive) : null);
	}

	private static Ssl ssl(Directive directive) {
		Ssl ssl = Ssl.forBundle(directive.sslBundle());
		if (directive.clientAuth() != null) {
			ssl.setClientAuth(Ssl.ClientAuth.valueOf(directive.clientAuth().toUpperCase(Locale.ROOT)));
		}
		return ssl;
	}

}
