package io.gozd.undertow;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.listener.Directive;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.Protocol;
import io.gozd.posix.Posix;
import io.undertow.Undertow;
import io.undertow.server.OpenListener;
import org.jspecify.annotations.Nullable;
import org.xnio.Xnio;

/**
 * Puts the listeners of an Undertow on those of this process.
 */
public final class UndertowListeners {

	private final ListenerTable listeners;

	private final Endpoints endpoints;

	private final Supplier<Posix> posix;

	private final Set<UndertowEndpoint> served = ConcurrentHashMap.newKeySet();

	/**
	 * Create one for the process.
	 * @param listeners its listeners
	 * @param endpoints its endpoints
	 * @param posix the operating system
	 */
	public UndertowListeners(ListenerTable listeners, Endpoints endpoints, Supplier<Posix> posix) {
		this.listeners = listeners;
		this.endpoints = endpoints;
		this.posix = posix;
	}

	/**
	 * Take every listener of an Undertow that is not built yet, and add one for each
	 * directive that has none. When it has started it is to be {@linkplain #started told}
	 * here.
	 * @param id the name of the first listener's directive, where that is implied
	 * @param web the directives that this Undertow serves
	 * @param builder its builder
	 * @return why a reload is impossible, or null
	 */
	public @Nullable String take(String id, WebDirectives web, Undertow.Builder builder) {
		if (!Hidden.isKnown() || !NioConnections.isKnown()) {
			return "This release of Undertow or of XNIO is not known: use those that Spring Boot manages";
		}
		WorkerSettings settings = new WorkerSettings(builder);
		if (settings.isReplaced()) {
			return "Undertow has a worker that the application has made, which binds its listeners by itself:"
					+ " leave that to Undertow, and set the options of its worker";
		}
		for (Directive directive : web.others()) {
			builder.addListener(listener(directive, web));
		}
		ListenerSource source = new ListenerSource(new DirectiveClaims(id, web, this.listeners), this.endpoints,
				this.posix);
		Xnio xnio = Xnio.getInstance(Undertow.class.getClassLoader());
		builder.setWorker(new HandoverWorker(xnio, settings, source, this.served));
		return null;
	}

	private static Undertow.ListenerBuilder listener(Directive directive, WebDirectives web) {
		InetSocketAddress address = (InetSocketAddress) directive.address();
		Undertow.ListenerBuilder builder = new Undertow.ListenerBuilder().setType(Undertow.ListenerType.HTTP)
			.setHost(address.getAddress().getHostAddress())
			.setPort(address.getPort());
		if (directive.protocol() == Protocol.HTTPS) {
			Tls tls = web.tls().apply(directive);
			builder.setType(Undertow.ListenerType.HTTPS)
				.setSslContext(tls.context())
				.setOverrideSocketOptions(tls.options());
		}
		return builder;
	}

	/**
	 * Learn that an Undertow has started: only then it is known who makes its
	 * connections.
	 * @param undertow what runs
	 * @return why a reload is impossible: a sentence for each listener that is not ours
	 */
	public List<String> started(Undertow undertow) {
		List<String> obstacles = new ArrayList<>();
		for (Undertow.ListenerInfo info : undertow.getListenerInfo()) {
			UndertowEndpoint endpoint = endpoint(info);
			if (endpoint != null) {
				endpoint.serve((OpenListener) Hidden.get().openListener().get(info));
			}
			else {
				obstacles.add("The listener of Undertow on " + info.getAddress()
						+ " can't be handed over: leave the worker of Undertow as it is");
			}
		}
		return obstacles;
	}

	private @Nullable UndertowEndpoint endpoint(Undertow.ListenerInfo info) {
		for (UndertowEndpoint endpoint : this.served) {
			// The same object, and not one that is equal.
			if (endpoint.server().getLocalAddress() == info.getAddress()) {
				return endpoint;
			}
		}
		return null;
	}

	void closeWebSockets() {
		this.served.forEach(UndertowEndpoint::closeWebSockets);
	}

}
