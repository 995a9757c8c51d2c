package io.gozd.undertow;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.gozd.drain.Endpoint;
import io.gozd.drain.Endpoints;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
import io.gozd.tomcat.HttpSocket;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import org.jspecify.annotations.Nullable;

/**
 * An Undertow in this process, as the starter sets it up.
 */
final class EmbeddedUndertow implements Closeable {

	private final Undertow.Builder builder = Undertow.builder().setIoThreads(2).setWorkerThreads(4);

	private final ListenerTable listeners;

	private final Endpoints endpoints = new Endpoints();

	private final UndertowListeners undertows;

	private final List<Directive> directives = new ArrayList<>();

	private @Nullable Tls tls;

	private @Nullable Undertow undertow;

	EmbeddedUndertow(HttpHandler handler, List<InheritedListener> inheritance) {
		this.listeners = new ListenerTable(NativePosix::get, () -> inheritance);
		this.undertows = new UndertowListeners(this.listeners, this.endpoints, NativePosix::get);
		this.builder.setHandler(handler)
			.setServerOption(UndertowOptions.SHUTDOWN_TIMEOUT, 0)
			.setServerOption(UndertowOptions.ENABLE_HTTP2, true)
			.addHttpListener(0, "127.0.0.1");
	}

	Undertow.Builder builder() {
		return this.builder;
	}

	EmbeddedUndertow directive(Directive directive) {
		this.directives.add(directive);
		return this;
	}

	/** What directives of HTTPS have. */
	EmbeddedUndertow tls(Tls tls) {
		this.tls = tls;
		return this;
	}

	@Nullable String take() {
		Directives opened = new Directives(this.directives, this.listeners);
		opened.open();
		return this.undertows.take("server", new WebDirectives(opened, null, this.directives, (directive) -> this.tls),
				this.builder);
	}

	/** Start what is taken already. */
	EmbeddedUndertow start() {
		if (this.undertow == null) {
			this.undertow = this.builder.build();
		}
		this.undertow.start();
		this.undertows.started(this.undertow);
		return this;
	}

	/** Serve, as a first generation does. */
	EmbeddedUndertow serve() {
		take();
		start();
		this.endpoints.open();
		return this;
	}

	void stop() {
		this.undertow.stop();
	}

	Undertow undertow() {
		return this.undertow;
	}

	UndertowListeners undertows() {
		return this.undertows;
	}

	ListenerTable listeners() {
		return this.listeners;
	}

	Endpoints endpoints() {
		return this.endpoints;
	}

	Endpoint endpoint() {
		return all().get(0);
	}

	List<Endpoint> all() {
		List<Endpoint> all = new ArrayList<>();
		this.endpoints.forEach(all::add);
		return all;
	}

	void draining(boolean draining) {
		this.endpoints.forEach((endpoint) -> endpoint.draining(draining));
	}

	int port() {
		return port(0);
	}

	int port(int index) {
		return ((InetSocketAddress) this.undertow.getListenerInfo().get(index).getAddress()).getPort();
	}

	HttpSocket connect() throws IOException {
		return new HttpSocket(port());
	}

	@Override
	public void close() {
		if (this.undertow != null) {
			this.undertow.stop();
		}
	}

}
