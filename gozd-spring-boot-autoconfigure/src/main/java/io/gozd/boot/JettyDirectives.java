package io.gozd.boot;

import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.gozd.jetty.WebDirectives;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Protocol;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.web.server.AbstractConfigurableWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The web directives as a factory of Jettys takes them. The first stands in for the
 * default connector, unless the user has configured that. The connectors of the others
 * are made by the factory as it makes its own, with its address and SSL changed
 * meanwhile. Jetty speaks no FastCGI: such directives are left unserved.
 */
public final class JettyDirectives {

	private static final String SERVER = "org.eclipse.jetty.server.Server";

	private final Directives directives;

	private final @Nullable Directive first;

	private final List<Directive> others;

	/**
	 * Create them.
	 * @param directives the directives of the process
	 * @param replacesDefault whether the first is the default connector
	 */
	public JettyDirectives(Directives directives, boolean replacesDefault) {
		this(directives, directives.all().stream().filter(JettyDirectives::isServed).toList(), replacesDefault);
	}

	private JettyDirectives(Directives directives, List<Directive> served, boolean replacesDefault) {
		this.directives = directives;
		this.first = (replacesDefault && !served.isEmpty()) ? served.get(0) : null;
		this.others = (this.first != null) ? served.subList(1, served.size()) : served;
	}

	/**
	 * None, for a Jetty that has other things to serve.
	 * @param directives the directives of the process
	 * @return no directive of them
	 */
	public static JettyDirectives none(Directives directives) {
		return new JettyDirectives(directives, List.of(), false);
	}

	private static boolean isServed(Directive directive) {
		return directive.protocol() == Protocol.HTTP || directive.protocol() == Protocol.HTTPS;
	}

	/**
	 * Put the first directive in the place of what {@code server.*} says. To be called
	 * last.
	 * @param factory the factory
	 */
	public void configure(Object factory) {
		if (this.first != null) {
			FactoryDirectives.configure((AbstractConfigurableWebServerFactory) factory, this.first);
		}
	}

	/**
	 * Return the directives that a Jetty of a factory serves.
	 * @param factory the factory
	 * @return them
	 */
	public WebDirectives of(Object factory) {
		AbstractConfigurableWebServerFactory settings = (AbstractConfigurableWebServerFactory) factory;
		checkAlias(settings);
		return new WebDirectives(this.directives, this.first, this.others,
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
