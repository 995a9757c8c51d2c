package io.gozd.jetty;

import java.lang.reflect.Proxy;
import java.util.function.Function;
import java.util.function.Supplier;

import jakarta.servlet.Servlet;
import org.eclipse.jetty.server.Handler;

import org.springframework.beans.BeanUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * A context of servlets. Each line of Jetty that Spring Boot manages has another level of
 * Jakarta EE, and its name is in the package: the tests are compiled once.
 */
final class JettyContext {

	private static final String ROOT = "org.eclipse.jetty.ee"
			+ (ClassUtils.isPresent("org.eclipse.jetty.ee10.servlet.ServletContextHandler", null) ? "10." : "11.");

	private final Handler handler;

	JettyContext(String path) {
		this.handler = (Handler) create("servlet.ServletContextHandler", String.class, path);
	}

	Handler handler() {
		return this.handler;
	}

	void add(String path, Servlet servlet) {
		Object holder = create("servlet.ServletHolder", Servlet.class, servlet);
		call(holder.getClass(), "setAsyncSupported", holder, new Class<?>[] { boolean.class }, true);
		call(this.handler.getClass(), "addServlet", this.handler, new Class<?>[] { holder.getClass(), String.class },
				holder, path);
	}

	void addWebSockets(String path, Supplier<Object> endpoints) {
		Class<?> initializer = type("websocket.server.config.JettyWebSocketServletContainerInitializer");
		Class<?> configurator = type("websocket.server.config.JettyWebSocketServletContainerInitializer$Configurator");
		Class<?> container = type("websocket.server.JettyWebSocketServerContainer");
		Class<?> creator = type("websocket.server.JettyWebSocketCreator");
		Object creates = proxy(creator, (arguments) -> endpoints.get());
		Object configures = proxy(configurator, (arguments) -> call(container, "addMapping", arguments[1],
				new Class<?>[] { String.class, creator }, path, creates));
		call(initializer, "configure", null, new Class<?>[] { this.handler.getClass(), configurator }, this.handler,
				configures);
	}

	private static Object create(String name, Class<?> parameter, Object argument) {
		return BeanUtils.instantiateClass(ClassUtils.getConstructorIfAvailable(type(name), parameter), argument);
	}

	private static Object call(Class<?> type, String name, Object target, Class<?>[] parameters, Object... arguments) {
		return ReflectionUtils.invokeMethod(ClassUtils.getMethod(type, name, parameters), target, arguments);
	}

	private static Object proxy(Class<?> type, Function<Object[], Object> call) {
		return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> call.apply(arguments));
	}

	private static Class<?> type(String name) {
		return ClassUtils.resolveClassName(ROOT + name, null);
	}

}
