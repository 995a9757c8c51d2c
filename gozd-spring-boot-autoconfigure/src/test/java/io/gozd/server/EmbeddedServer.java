package io.gozd.server;

import java.io.Closeable;
import java.io.IOException;
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

/**
 * A server in this process, as the starter sets it up, on any port of the loopback
 * interface.
 *
 * @param <S> its own type
 */
public abstract class EmbeddedServer<S extends EmbeddedServer<S>> implements Closeable {

	private final ListenerTable listeners;

	private final Endpoints endpoints = new Endpoints();

	private final List<Directive> directives = new ArrayList<>();

	protected EmbeddedServer(List<InheritedListener> inheritance) {
		this.listeners = new ListenerTable(NativePosix::get, () -> inheritance);
	}

	protected abstract S self();

	/** Listen on this port. */
	public abstract S port(int port);

	/** Serve a directive as well. */
	public final S directive(Directive directive) {
		this.directives.add(directive);
		return self();
	}

	protected final List<Directive> directives() {
		return this.directives;
	}

	protected final Directives opened() {
		Directives opened = new Directives(this.directives, this.listeners);
		opened.open();
		return opened;
	}

	/** Say why a reload is impossible, if it is. */
	public abstract List<String> take();

	/** Start what is taken already. */
	public abstract S start() throws Exception;

	public final S takeAndStart() throws Exception {
		take();
		return start();
	}

	/** Serve, as a first generation does. */
	public final S serve() throws Exception {
		takeAndStart();
		this.endpoints.open();
		return self();
	}

	/** Where it listens first, as it says itself. */
	public abstract int port();

	/** Whether a thread of this name accepts connections for a server of this kind. */
	public abstract boolean isAcceptor(String thread);

	public final ListenerTable listeners() {
		return this.listeners;
	}

	public final Endpoints endpoints() {
		return this.endpoints;
	}

	/** The first one. */
	public final Endpoint endpoint() {
		return all().get(0);
	}

	public final List<Endpoint> all() {
		List<Endpoint> all = new ArrayList<>();
		this.endpoints.forEach(all::add);
		return all;
	}

	public final void draining(boolean draining) {
		this.endpoints.forEach((endpoint) -> endpoint.draining(draining));
	}

	public final HttpSocket connect() throws IOException {
		return new HttpSocket(port());
	}

	@Override
	public abstract void close();

}
