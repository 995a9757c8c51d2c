package io.gozd.boot;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

import org.apache.catalina.startup.Tomcat;

import org.springframework.beans.BeanUtils;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringUtils;

/**
 * The line of Spring Boot on the class path, with its names for what both lines have: the
 * tests are compiled once.
 */
public enum BootLine {

	/** Spring Boot 3.5. */
	THREE("autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration",
			"autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration", "autoconfigure.web.reactive.",
			"web.servlet.context.", "web.reactive.context.", "web.context.", "web.embedded.tomcat.",
			"web.server.ErrorPage"),

	/** Spring Boot 4. */
	FOUR("tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration",
			"tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration", "webflux.autoconfigure.",
			"web.server.servlet.context.", "web.server.reactive.context.", "web.server.context.", "tomcat.servlet.",
			"web.error.ErrorPage");

	private static final String ROOT = "org.springframework.boot.";

	private final String servletServer;

	private final String reactiveServer;

	private final String reactive;

	private final String servletContext;

	private final String reactiveContext;

	private final String context;

	private final String tomcat;

	private final String errorPage;

	BootLine(String servletServer, String reactiveServer, String reactive, String servletContext,
			String reactiveContext, String context, String tomcat, String errorPage) {
		this.servletServer = servletServer;
		this.reactiveServer = reactiveServer;
		this.reactive = reactive;
		this.servletContext = servletContext;
		this.reactiveContext = reactiveContext;
		this.context = context;
		this.tomcat = tomcat;
		this.errorPage = errorPage;
	}

	/** The one that the test runs on. */
	public static BootLine present() {
		return ClassUtils.isPresent(ROOT + THREE.servletServer, null) ? THREE : FOUR;
	}

	/** The auto-configuration of a Tomcat for servlets. */
	public AutoConfigurations servletServer() {
		return AutoConfigurations.of(type(this.servletServer));
	}

	/** The auto-configurations of WebFlux on a Tomcat. */
	public AutoConfigurations reactiveServer() {
		return AutoConfigurations.of(type(this.reactiveServer), type(this.reactive + "HttpHandlerAutoConfiguration"),
				type(this.reactive + "WebFluxAutoConfiguration"));
	}

	/**
	 * The factory of a server other than Tomcat, in lower case, for servlets or for
	 * WebFlux.
	 */
	public Class<?> factory(String server, boolean reactive) {
		String of = reactive ? "Reactive" : "Servlet";
		String where = (this == THREE) ? "web.embedded." + server + "."
				: server + "." + of.toLowerCase(Locale.ROOT) + ".";
		return type(where + StringUtils.capitalize(server) + of + "WebServerFactory");
	}

	/** The auto-configurations of such a server, whose factory is there. */
	public AutoConfigurations server(String server, boolean reactive) {
		if (this == THREE) {
			return AutoConfigurations.of(type(reactive ? this.reactiveServer : this.servletServer),
					type("autoconfigure.web.embedded.EmbeddedWebServerFactoryCustomizerAutoConfiguration"));
		}
		String of = reactive ? "reactive.JettyReactive" : "servlet.JettyServlet";
		return AutoConfigurations.of(type("jetty.autoconfigure." + of + "WebServerAutoConfiguration"));
	}

	/** The auto-configurations of its management port, for servlets. */
	public AutoConfigurations management() {
		String actuate = "actuate.autoconfigure.";
		List<String> names = new ArrayList<>(List.of(actuate + "endpoint.EndpointAutoConfiguration",
				actuate + "endpoint.web.WebEndpointAutoConfiguration",
				actuate + "web.server.ManagementContextAutoConfiguration"));
		if (this == THREE) {
			names.add(actuate + "web.servlet.ServletManagementContextAutoConfiguration");
		}
		else {
			names.add("servlet.autoconfigure.actuate.web.ServletManagementContextAutoConfiguration");
			names.add("jetty.autoconfigure.actuate.web.server.JettyServletManagementContextAutoConfiguration");
		}
		return AutoConfigurations.of(names.stream().map(BootLine::type).toArray(Class<?>[]::new));
	}

	/** Makes contexts that have a server for servlets. */
	public <C> Supplier<C> servletContexts() {
		return contexts(this.servletContext + "AnnotationConfigServletWebServerApplicationContext");
	}

	/** Makes contexts that have a server for WebFlux. */
	public <C> Supplier<C> reactiveContexts() {
		return contexts(this.reactiveContext + "AnnotationConfigReactiveWebServerApplicationContext");
	}

	/** The package of what a server tells, whatever it serves. */
	public String packageOfEvents() {
		return ROOT + this.context;
	}

	/** The packages of the factories of Tomcats. */
	public String packageOfTomcat() {
		return ROOT + this.tomcat.substring(0, this.tomcat.indexOf("tomcat.") + "tomcat.".length());
	}

	/** When Spring Boot begins its own graceful shutdown. */
	public int phaseOfGracefulShutdown() throws ReflectiveOperationException {
		return (int) type(this.context + "WebServerGracefulShutdownLifecycle").getField("SMART_LIFECYCLE_PHASE")
			.get(null);
	}

	/** What an application tells when its environment is known. */
	public static ApplicationEnvironmentPreparedEvent prepared(SpringApplication application,
			ConfigurableEnvironment environment) {
		// One constructor, whose first parameter has moved.
		return (ApplicationEnvironmentPreparedEvent) BeanUtils.instantiateClass(
				ApplicationEnvironmentPreparedEvent.class.getConstructors()[0], null, application, new String[0],
				environment);
	}

	/** What a context of servlets tells when a server has started. */
	public ApplicationEvent initialized(WebServer server, ApplicationContext context) {
		return (ApplicationEvent) BeanUtils.instantiateClass(
				type(this.servletContext + "ServletWebServerInitializedEvent").getConstructors()[0], server, context);
	}

	/** The server of a context. */
	public static WebServer server(ApplicationContext context) {
		return (WebServer) property(context, "webServer");
	}

	/** The Tomcat of a server. */
	public static Tomcat tomcat(WebServer server) {
		return (Tomcat) property(server, "tomcat");
	}

	/** A Tomcat as Spring Boot makes it, on any port. */
	public WebServer tomcat(String errorPage, ServletContextInitializer... initializers)
			throws ReflectiveOperationException {
		Object factory = type(this.tomcat + "TomcatServletWebServerFactory").getConstructor(int.class).newInstance(0);
		Object page = type(this.errorPage).getConstructor(String.class).newInstance(errorPage);
		Object pages = Array.newInstance(page.getClass(), 1);
		Array.set(pages, 0, page);
		invoke(factory, "addErrorPages", pages.getClass(), pages);
		return (WebServer) invoke(factory, "getWebServer", ServletContextInitializer[].class, initializers);
	}

	private static Object invoke(Object target, String name, Class<?> parameter, Object argument)
			throws ReflectiveOperationException {
		Method method = target.getClass().getMethod(name, parameter);
		try {
			return method.invoke(target, argument);
		}
		catch (InvocationTargetException ex) {
			ReflectionUtils.rethrowRuntimeException(ex.getTargetException());
			throw ex;
		}
	}

	@SuppressWarnings("unchecked")
	private static <C> Supplier<C> contexts(String name) {
		return () -> (C) BeanUtils.instantiateClass(type(name));
	}

	/** What is the same on both lines but for the package of the bean. */
	public static Object property(Object bean, String name) {
		return PropertyAccessorFactory.forBeanPropertyAccess(bean).getPropertyValue(name);
	}

	private static Class<?> type(String name) {
		return ClassUtils.resolveClassName(ROOT + name, null);
	}

}
