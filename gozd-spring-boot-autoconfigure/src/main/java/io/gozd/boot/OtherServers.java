package io.gozd.boot;

import java.net.InetSocketAddress;
import java.util.Set;

import io.gozd.daemon.Application;
import io.gozd.listener.ListenerTable;

import org.springframework.boot.web.server.WebServer;

/**
 * Notices servers whose listener is none that can be handed over.
 */
public final class OtherServers {

	/** Known by name: where there is no such server, its class is not there either. */
	private static final Set<String> SUPPORTED = Set.of("TomcatWebServer", "JettyWebServer", "UndertowWebServer");

	private final ListenerTable listeners;

	private final Application application;

	/**
	 * Create it.
	 * @param listeners the listeners that can be handed over
	 * @param application is told why a reload is impossible
	 */
	public OtherServers(ListenerTable listeners, Application application) {
		this.listeners = listeners;
		this.application = application;
	}

	/**
	 * Look at a server that has started.
	 * @param server the server
	 */
	public void hasStarted(WebServer server) {
		// One obstacle is enough: a connector that can't be handed over has said so.
		if (this.application.obstacle().isEmpty() && !isHandedOver(server)) {
			this.application.addObstacle("The embedded server (" + name(server.getClass())
					+ ") binds its address itself, so its listener can't be handed to a successor: use "
					+ Starters.servers());
		}
	}

	private boolean isHandedOver(WebServer server) {
		int port = server.getPort();
		if (port <= 0) {
			// On a Unix socket, or on nothing.
			return isSupported(server.getClass());
		}
		return this.listeners.open()
			.stream()
			.anyMatch(
					(listener) -> listener.address() instanceof InetSocketAddress address && address.getPort() == port);
	}

	private static boolean isSupported(Class<?> type) {
		Class<?> parent = type.getSuperclass();
		return SUPPORTED.contains(type.getSimpleName()) || (parent != null && isSupported(parent));
	}

	private static String name(Class<?> type) {
		return type.getSimpleName().equals("NettyWebServer") ? "Reactor Netty" : type.getName();
	}

}
