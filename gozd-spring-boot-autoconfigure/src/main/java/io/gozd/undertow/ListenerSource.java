package io.gozd.undertow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Posix;

/**
 * Where the listeners of an Undertow come from, and where they are counted.
 *
 * @param claim finds a listener
 * @param endpoints the endpoints of this process
 * @param posix the operating system
 */
record ListenerSource(Claim claim, Endpoints endpoints, Supplier<Posix> posix) {

	/** Finds a listener. */
	@FunctionalInterface
	interface Claim {

		/**
		 * Claim the listener.
		 * @param index how many listeners this Undertow has already
		 * @param address what the listener is configured with
		 * @param backlog how many connections may wait, as it is configured
		 * @param binder binds a channel as it is configured
		 * @return the listener, owned by the caller
		 * @throws IOException if it is not to be had
		 */
		Listener claim(int index, InetSocketAddress address, int backlog, ListenerTable.Binder binder)
				throws IOException;

	}

}
