package io.gozd.channel;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.Listener;
import io.gozd.listener.Protocol;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The listeners that the application serves itself: a bean, to be asked for one while the
 * application starts. Thread safe.
 */
public final class ChannelListeners implements Closeable {

	private static final Log logger = LogFactory.getLog(ChannelListeners.class);

	private final Directives directives;

	private final Endpoints endpoints;

	private final Supplier<Posix> posix;

	private final Map<String, ChannelEndpoint> served = new LinkedHashMap<>();

	/**
	 * Create the listeners of a process.
	 * @param directives the directives of this process
	 * @param endpoints the endpoints of this process
	 * @param posix the operating system, asked for only where the JDK does not do
	 */
	public ChannelListeners(Directives directives, Endpoints endpoints, Supplier<Posix> posix) {
		this.directives = directives;
		this.endpoints = endpoints;
		this.posix = posix;
	}

	/**
	 * Serve the listener of a directive. The server is told when to accept: at once, in
	 * the first process of a daemon, or when its incumbent has stopped. To be called by
	 * the initialization of a bean, or by a lifecycle of a phase below the last.
	 * @param <S> the server
	 * @param id the id of the directive, whose protocol is {@code tcp}
	 * @param factory makes the server, called once
	 * @return the server
	 * @throws IOException if the listener can't be opened again after it was closed, or
	 * the factory fails
	 * @throws IllegalArgumentException if there is no such directive, or its protocol is
	 * another
	 * @throws IllegalStateException if it is served already
	 */
	public synchronized <S extends ChannelServer> S serve(String id, ChannelServer.Factory<S> factory)
			throws IOException {
		Directive directive = this.directives.get(id);
		if (directive != null && directive.protocol() != Protocol.TCP) {
			throw new IllegalArgumentException("The application does not serve gozd.directives." + id
					+ " itself unless its protocol is tcp: set gozd.directives." + id + ".protocol");
		}
		Listener listener = this.directives.take(id);
		S server = create(listener, factory);
		ChannelEndpoint endpoint = new ChannelEndpoint("channel-" + id, listener, server, this.posix);
		ChannelEndpoint closed = this.served.put(id, endpoint);
		if (closed != null) {
			this.endpoints.remove(closed);
		}
		this.endpoints.add(endpoint);
		logger.info("gozd.directives." + id + " is served by the application on " + listener.address());
		return server;
	}

	private static <S extends ChannelServer> S create(Listener listener, ChannelServer.Factory<S> factory)
			throws IOException {
		try {
			return factory.create(listener.channel());
		}
		catch (IOException | RuntimeException | Error ex) {
			listener.channel().close();
			throw ex;
		}
	}

	/**
	 * Close all listeners and what is open still: a drain was the time to end well.
	 */
	@Override
	public synchronized void close() {
		this.served.values().forEach((endpoint) -> {
			this.endpoints.remove(endpoint);
			endpoint.stop();
		});
		this.served.clear();
	}

}
