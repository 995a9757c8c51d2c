package io.gozd.boot;

import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.gozd.jetty.JettyConnectors;
import io.gozd.jetty.WebDirectives;
import io.gozd.listener.Directive;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * How the Jettys of a factory get listeners that can be handed over. The connectors of
 * further directives are made by the factory as it makes its own, with its address and
 * SSL changed meanwhile. The factory's own type is another one in each line of Spring
 * Boot, its members are the same.
 *
 * @param id the name of the factory's own connector, where no directive stands in for it
 * @param directives the directives that its Jettys serve
 * @param connectors takes the connectors
 * @param obstacles is told why a reload is impossible
 */
public record JettyHandover(String id, FactoryDirectives directives, JettyConnectors connectors,
		Consumer<String> obstacles) {

	private static final String SERVER = "org.eclipse.jetty.server.Server";

	/**
	 * Let the first directive replace what {@code server.*} says, if all can be served.
	 * @param factory the factory, when everybody else has customized it
	 */
	public void configure(ConfigurableWebServerFactory factory) {
		UnservedDirectives.refuse("Jetty", false, this.directives);
		this.directives.configureFirst(factory);
	}

	/**
	 * The directives as the connectors of a Jetty.
	 * @param factory what makes that Jetty
	 * @return the directives, each made as the factory makes its own connector
	 */
	public WebDirectives of(ConfigurableWebServerFactory factory) {
		AbstractConfigurableWebServerFactory settings = (AbstractConfigurableWebServerFactory) factory;
		checkAlias(settings);
		return new WebDirectives(this.directives.all(), this.directives.first(), this.directives.others(),
				(server, directive) -> connector(settings, server, directive));
	}

	private static @Nullable Object connector(AbstractConfigurableWebServerFactory factory, Object server,
			Directive directive) {
		AtomicReference<@Nullable Object> connector = new AtomicReference<>();
		FactoryDirectives.whileConfigured(factory, directive, () -> connector.set(connector(factory, server)));
		return connector.get();
	}

	private static @Nullable Object connector(AbstractConfigurableWebServerFactory factory, Object server) {
		checkAlias(factory);
		InetSocketAddress address = new InetSocketAddress(factory.getAddress(), factory.getPort());
		Class<?> type = ClassUtils.resolveClassName(SERVER, factory.getClass().getClassLoader());
		if (!Ssl.isEnabled(factory.getSsl())) {
			return call(factory, "createConnector", new Class<?>[] { InetSocketAddress.class, type }, address, server);
		}
		call(factory, "customizeSsl", new Class<?>[] { type, InetSocketAddress.class }, server, address);
		return null;
	}

	/** Spring Boot's own connector, which is replaced, asks for this when it starts. */
	private static void checkAlias(AbstractConfigurableWebServerFactory factory) {
		if (Ssl.isEnabled(factory.getSsl())
				&& call(factory, "getSslBundle", new Class<?>[0]) instanceof SslBundle bundle) {
			bundle.getKey().assertContainsAlias(bundle.getStores().getKeyStore());
		}
	}

	/** Not public: made for factories that extend this one. */
	private static @Nullable Object call(Object factory, String name, Class<?>[] types, Object... arguments) {
		Method method = ReflectionUtils.findMethod(factory.getClass(), name, types);
		Assert.state(method != null, "This release of Spring Boot has another factory of Jettys");
		ReflectionUtils.makeAccessible(method);
		return ReflectionUtils.invokeMethod(method, factory, arguments);
	}

}
