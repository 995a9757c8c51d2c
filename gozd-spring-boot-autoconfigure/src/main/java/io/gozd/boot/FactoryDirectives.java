package io.gozd.boot;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Protocol;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;

/**
 * The web directives as a factory of web servers takes them. The first stands in for what
 * the factory makes by itself, unless the user has configured that. The others are
 * customized by the factory too, with its address and SSL changed meanwhile.
 */
public final class FactoryDirectives {

	private final Directives directives;

	private final @Nullable Directive first;

	private final List<Directive> others;

	/**
	 * Create them.
	 * @param directives the directives of the process
	 * @param served those that the factory's server serves
	 * @param replacesDefault whether the first is what the factory makes by itself
	 */
	public FactoryDirectives(Directives directives, List<Directive> served, boolean replacesDefault) {
		this.directives = directives;
		// One of HTTP, if there is any: applications ask for the port of the first.
		List<Directive> ordered = Stream
			.concat(served.stream().filter((directive) -> directive.protocol() != Protocol.FCGI),
					served.stream().filter((directive) -> directive.protocol() == Protocol.FCGI))
			.toList();
		this.first = (replacesDefault && !ordered.isEmpty()) ? ordered.get(0) : null;
		this.others = (this.first != null) ? ordered.subList(1, ordered.size()) : ordered;
	}

	/**
	 * Serve none: a management port of its own is not a directive.
	 * @param directives the directives of the process
	 * @return what a factory takes then
	 */
	public static FactoryDirectives none(Directives directives) {
		return new FactoryDirectives(directives, List.of(), false);
	}

	/**
	 * All directives of the process.
	 * @return all of them, whoever serves them
	 */
	public Directives all() {
		return this.directives;
	}

	/**
	 * The directive that stands in for what the factory makes by itself.
	 * @return the directive, or null
	 */
	public @Nullable Directive first() {
		return this.first;
	}

	/**
	 * The directives that need more than the factory makes by itself.
	 * @return the directives
	 */
	public List<Directive> others() {
		return this.others;
	}

	/**
	 * Let the first directive replace what {@code server.*} says.
	 * @param factory the factory
	 */
	public void configureFirst(ConfigurableWebServerFactory factory) {
		if (this.first != null) {
			configure(factory, this.first);
		}
	}

	/**
	 * Do something while the factory has the address and the SSL of a directive.
	 * @param factory the factory
	 * @param directive the directive
	 * @param task what to do
	 */
	public static void whileConfigured(ConfigurableWebServerFactory factory, Directive directive, Runnable task) {
		AbstractConfigurableWebServerFactory settings = (AbstractConfigurableWebServerFactory) factory;
		int port = settings.getPort();
		var address = settings.getAddress();
		Ssl ssl = settings.getSsl();
		try {
			configure(factory, directive);
			task.run();
		}
		finally {
			factory.setPort(port);
			factory.setAddress(address);
			factory.setSsl(ssl);
		}
	}

	/**
	 * Give a factory the address and the SSL of a directive.
	 * @param factory the factory
	 * @param directive the directive
	 */
	public static void configure(ConfigurableWebServerFactory factory, Directive directive) {
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
