package io.gozd.jetty;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.drain.ListenerSource;
import io.gozd.listener.Directive;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Posix;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Puts the connectors of a Jetty on listeners of this process.
 */
public final class JettyConnectors {

	private final ListenerTable listeners;

	private final Endpoints endpoints;

	private final Supplier<Posix> posix;

	private final CopyOnWriteArrayList<Server> servers = new CopyOnWriteArrayList<>();

	/**
	 * Create one for the process.
	 * @param listeners its listeners
	 * @param endpoints its endpoints
	 * @param posix the operating system
	 */
	public JettyConnectors(ListenerTable listeners, Endpoints endpoints, Supplier<Posix> posix) {
		this.listeners = listeners;
		this.endpoints = endpoints;
		this.posix = posix;
	}

	/**
	 * Take the connectors that a Jetty is made with, and add one for each directive that
	 * has none. To be called before what customizes connectors, so that it customizes
	 * these.
	 * @param id the name of the first connector's directive, where that is implied
	 * @param web the directives that this Jetty serves
	 * @param server that Jetty
	 */
	public void prepare(String id, WebDirectives web, Server server) {
		server.addEventListener(new Running(server));
		// What can't be taken may be replaced by the application: asked for later.
		takeAll(id, web, server);
		for (Directive directive : web.others()) {
			Connector connector = web.connector(server, directive);
			server.addConnector(Replacement.of((ServerConnector) connector, serve(web, directive), directive.isTcp()));
		}
	}

	/**
	 * Take what the application has added. To be called last.
	 * @param id the name of the first connector's directive, where that is implied
	 * @param web the directives that this Jetty serves
	 * @param server that Jetty
	 * @return why a reload is impossible: a sentence for each connector that can't be
	 * taken
	 */
	public List<String> take(String id, WebDirectives web, Server server) {
		List<String> obstacles = takeAll(id, web, server);
		for (Connector connector : server.getConnectors()) {
			CommitHook.install(connector);
		}
		Limits.renew(server);
		return obstacles;
	}

	private List<String> takeAll(String id, WebDirectives web, Server server) {
		List<String> obstacles = new ArrayList<>();
		Connector[] connectors = server.getConnectors();
		for (int i = 0; i < connectors.length; i++) {
			Directive directive = (i == 0) ? web.first() : null;
			String obstacle = obstacle(connectors[i]);
			if (obstacle != null) {
				obstacles.add("The connector " + connectors[i] + " " + obstacle);
			}
			else if (!(connectors[i] instanceof HandoverConnector)) {
				ListenerSource source = (directive != null) ? serve(web, directive)
						: implied((i == 0) ? id : id + "-" + i);
				connectors[i] = Replacement.of((ServerConnector) connectors[i], source,
						directive == null || directive.isTcp());
			}
		}
		server.setConnectors(connectors);
		return obstacles;
	}

	/** Those that run. */
	List<Server> servers() {
		return this.servers;
	}

	List<Carried> carried() {
		return this.servers.stream()
			.flatMap((server) -> List.of(server.getConnectors()).stream())
			.filter(HandoverConnector.class::isInstance)
			.flatMap((connector) -> ((HandoverConnector) connector).contract().carried().stream())
			.toList();
	}

	private ListenerSource implied(String name) {
		return source((address, backlog, binder) -> this.listeners.claim(ListenerKey.of(name, address), name, address,
				backlog, binder));
	}

	private ListenerSource serve(WebDirectives web, Directive directive) {
		return source((address, backlog, binder) -> web.directives().take(directive.id()));
	}

	private ListenerSource source(ListenerSource.Claim claim) {
		return new ListenerSource(claim, this.endpoints, this.posix);
	}

	private static @Nullable String obstacle(Connector connector) {
		if (connector instanceof HandoverConnector) {
			return null;
		}
		if (!(connector instanceof ServerConnector known) || !isPlain(known.getClass())) {
			return "is a " + connector.getClass().getName()
					+ ", which can't hand its listener over: use org.eclipse.jetty.server.ServerConnector";
		}
		if (known.isOpen() || known.isInheritChannel()) {
			return "has a channel of its own, which can't be handed over: use a port";
		}
		if (!KnownRelease.isKnown()) {
			return "belongs to a release of Jetty that is not known: use the one that Spring Boot manages";
		}
		return null;
	}

	/**
	 * Spring Boot's differs in what it checks when it starts, and is checked for that.
	 */
	private static boolean isPlain(Class<?> type) {
		return type == ServerConnector.class || type.getName().startsWith("org.springframework.boot.");
	}

	/** Knows a Jetty while it runs. */
	private final class Running implements LifeCycle.Listener {

		private final Server server;

		Running(Server server) {
			this.server = server;
		}

		@Override
		public void lifeCycleStarting(LifeCycle event) {
			JettyConnectors.this.servers.addIfAbsent(this.server);
		}

		@Override
		public void lifeCycleStopped(LifeCycle event) {
			JettyConnectors.this.servers.remove(this.server);
		}

		@Override
		public void lifeCycleFailure(LifeCycle event, Throwable cause) {
			JettyConnectors.this.servers.remove(this.server);
		}

	}

}
