package io.gozd.daemon;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.gozd.drain.Endpoint;
import io.gozd.drain.Endpoints;
import io.gozd.handover.Message;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.ListenerTable;

/**
 * How this generation is, as it tells those who ask: each speaks only for itself.
 */
final class GenerationStatus {

	private static final long PATIENCE_SECONDS = 3;

	private final Message identity;

	private final GenerationState state;

	private final ListenerTable listeners;

	private final Endpoints endpoints;

	private final Loop loop;

	/**
	 * Create it.
	 * @param identity the fields that never change
	 * @param state the fields that only the loop knows
	 */
	GenerationStatus(Message identity, GenerationState state, ListenerTable listeners, Endpoints endpoints, Loop loop) {
		this.identity = identity;
		this.state = state;
		this.listeners = listeners;
		this.endpoints = endpoints;
		this.loop = loop;
	}

	/**
	 * Tell how it is. In a thread that may wait, because a server of the application's
	 * own may take its time to count.
	 * @return the message
	 */
	Message describe() {
		CompletableFuture<Message> answer = new CompletableFuture<>();
		this.loop.execute(() -> answer.complete(this.state.addTo(this.identity)));
		try {
			return withListeners(answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
		}
		catch (TimeoutException | ExecutionException ex) {
			return withListeners(this.identity.with("state", "hanging"));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.identity.with("state", "hanging");
		}
	}

	private Message withListeners(Message status) {
		Map<ListenerKey, SocketAddress> addresses = this.listeners.addresses();
		List<String> names = new ArrayList<>();
		List<String> open = new ArrayList<>();
		List<String> accepted = new ArrayList<>();
		this.endpoints.forEach((endpoint) -> {
			names.add(name(endpoint, addresses));
			open.add(Integer.toString(endpoint.openConnections()));
			OptionalLong count = endpoint.acceptedConnections();
			accepted.add(count.isPresent() ? Long.toString(count.getAsLong()) : "");
		});
		return status.withList("listeners", names).withList("open", open).withList("accepted", accepted);
	}

	/** The address where it is known: the key of any free port does not tell which. */
	private static String name(Endpoint endpoint, Map<ListenerKey, SocketAddress> addresses) {
		SocketAddress address = addresses.get(endpoint.lastKey());
		return (address != null) ? text(address) : endpoint.name();
	}

	private static String text(SocketAddress address) {
		if (!(address instanceof InetSocketAddress inet)) {
			return address.toString();
		}
		InetAddress host = inet.getAddress();
		String text = host.isAnyLocalAddress() ? "*" : host.getHostAddress();
		return ((text.indexOf(':') >= 0) ? "[" + text + "]" : text) + ":" + inet.getPort();
	}

}
