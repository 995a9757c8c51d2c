package io.gozd.boot;

import java.lang.reflect.Method;
import java.util.function.Consumer;

import io.gozd.listener.Directive;
import io.gozd.listener.Protocol;
import io.gozd.tomcat.TomcatConnectors;
import io.gozd.tomcat.WebDirectives;

import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.util.Assert;
import org.springframework.util.ReflectionUtils;

/**
 * How the Tomcats of a factory get listeners that can be handed over. The factory's own
 * type is another one in each line of Spring Boot, its members are the same.
 *
 * @param id the name of the factory's own connector, where no directive stands in for it
 * @param directives the directives that its Tomcats serve
 * @param connectors takes the connectors
 * @param obstacles is told why a reload is impossible
 */
public record TomcatHandover(String id, FactoryDirectives directives, TomcatConnectors connectors,
		Consumer<String> obstacles) {

	/**
	 * Give a factory the protocol that can hand its listener over.
	 * @param factory the factory
	 */
	public void chooseProtocol(ConfigurableWebServerFactory factory) {
		Directive first = this.directives.first();
		// The setter is in each factory, servlet and reactive, and in no common type.
		PropertyAccessorFactory.forBeanPropertyAccess(factory)
			.setPropertyValue("protocol", (first != null && first.protocol() == Protocol.FCGI)
					? TomcatConnectors.FCGI_PROTOCOL : TomcatConnectors.PROTOCOL);
	}

	/**
	 * The directives as the connectors of a Tomcat.
	 * @param factory what makes that Tomcat
	 * @return the directives, each customized as the factory does its own connector
	 */
	public WebDirectives of(ConfigurableWebServerFactory factory) {
		return new WebDirectives(this.directives.all(), this.directives.first(), this.directives.others(),
				(connector, directive) -> FactoryDirectives.whileConfigured(factory, directive,
						() -> customize(factory, connector)));
	}

	private static void customize(ConfigurableWebServerFactory factory, Object connector) {
		// Protected: made for factories that extend this one.
		Method method = ReflectionUtils.findMethod(factory.getClass(), "customizeConnector", connector.getClass());
		Assert.state(method != null, "This release of Spring Boot has another factory of Tomcats");
		ReflectionUtils.makeAccessible(method);
		ReflectionUtils.invokeMethod(method, factory, connector);
	}

}
