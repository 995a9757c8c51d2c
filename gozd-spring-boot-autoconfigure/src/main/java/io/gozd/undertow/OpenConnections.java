package io.gozd.undertow;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

import io.undertow.protocols.http2.Http2Channel;
import io.undertow.server.HttpHandler;
import io.undertow.server.OpenListener;
import io.undertow.server.protocol.framed.AbstractFramedChannel;
import io.undertow.server.protocol.http.AlpnOpenListener;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http.HttpServerConnection;
import io.undertow.server.protocol.http2.Http2OpenListener;
import org.xnio.ChannelListener;
import org.xnio.XnioIoThread;

/**
 * The connections that Undertow has on a listener, by what is spoken there. What they are
 * is asked in their own I/O threads: nobody else knows for sure.
 */
final class OpenConnections {

	private final List<Set<HttpServerConnection>> http1 = new ArrayList<>();

	private final List<Set<Http2Channel>> http2 = new ArrayList<>();

	/**
	 * Learn who makes the connections, before there is one.
	 * @param wrapper what each of them gives its requests to instead
	 */
	OpenConnections(OpenListener listener, UnaryOperator<HttpHandler> wrapper) {
		add(listener, wrapper);
	}

	@SuppressWarnings("unchecked")
	private void add(OpenListener listener, UnaryOperator<HttpHandler> wrapper) {
		Hidden hidden = Hidden.get();
		if (listener instanceof AlpnOpenListener) {
			// It has no handler: those have it that it chooses from.
			Collection<Object> entries = ((Map<String, Object>) hidden.alpn().get(listener)).values();
			entries.stream()
				.map((entry) -> (OpenListener) hidden.alpnEntry().get(entry))
				.distinct()
				.forEach((chosen) -> add(chosen, wrapper));
			return;
		}
		listener.setRootHandler(wrapper.apply(listener.getRootHandler()));
		if (listener instanceof HttpOpenListener) {
			this.http1.add((Set<HttpServerConnection>) hidden.http1().get(listener));
		}
		else if (listener instanceof Http2OpenListener) {
			this.http2.add((Set<Http2Channel>) hidden.http2().get(listener));
		}
	}

	/** Do something with each connection of HTTP/1.1 between two requests. */
	void eachIdle(Consumer<HttpServerConnection> action) {
		each(this.http1, HttpServerConnection::getIoThread, (connection) -> true, (connection) -> {
			if (isIdle(connection)) {
				action.accept(connection);
			}
		});
	}

	/** Do something with each connection of frames: HTTP/2, or WebSocket. */
	<T extends AbstractFramedChannel<?, ?, ?>> void eachFramed(Class<T> type, Consumer<T> action) {
		each(this.http2, Http2Channel::getIoThread, (channel) -> true, (channel) -> {
			if (type.isInstance(channel)) {
				action.accept(type.cast(channel));
			}
		});
		each(this.http1, HttpServerConnection::getIoThread, OpenConnections::isFramed, (connection) -> {
			ChannelListener<?> reader = reader(connection);
			if (Hidden.get().frameReader().isInstance(reader)) {
				AbstractFramedChannel<?, ?, ?> framed = (AbstractFramedChannel<?, ?, ?>) Hidden.get()
					.framed()
					.get(reader);
				if (type.isInstance(framed)) {
					action.accept(type.cast(framed));
				}
			}
		});
	}

	private static boolean isIdle(HttpServerConnection connection) {
		ChannelListener<?> reader = reader(connection);
		return Hidden.get().headReader().isInstance(reader) && Hidden.get().exchange().getVolatile(connection) == null
				&& (int) Hidden.get().headRead().getVolatile(reader) == 0 && connection.getExtraBytes() == null;
	}

	/** Who reads what comes next: he knows what the connection has become. */
	private static ChannelListener<?> reader(HttpServerConnection connection) {
		return connection.getChannel().getSourceChannel().getReadListener();
	}

	/** A look from outside: most connections are none of frames, and cost no task. */
	private static boolean isFramed(HttpServerConnection connection) {
		return Hidden.get().frameReader().isInstance(reader(connection));
	}

	/**
	 * Tell how many connections there are, and where they come from.
	 * @param peers where to add the addresses
	 * @return their number
	 */
	int peers(Set<SocketAddress> peers) {
		int[] number = new int[1];
		this.http1.forEach((set) -> set.forEach((connection) -> {
			number[0]++;
			peers.add(connection.getPeerAddress());
		}));
		this.http2.forEach((set) -> set.forEach((channel) -> {
			number[0]++;
			peers.add(channel.getPeerAddress());
		}));
		return number[0];
	}

	/** Return how many connections there are. */
	int number() {
		return this.http1.stream().mapToInt(Set::size).sum() + this.http2.stream().mapToInt(Set::size).sum();
	}

	private static <C> void each(List<Set<C>> sets, Function<C, XnioIoThread> thread, Predicate<C> wanted,
			Consumer<C> action) {
		for (Set<C> set : sets) {
			for (C connection : set) {
				try {
					if (wanted.test(connection)) {
						thread.apply(connection).execute(() -> action.accept(connection));
					}
				}
				catch (RejectedExecutionException ex) {
					// Its thread ends, and closes it.
				}
			}
		}
	}

}
