package io.gozd.drain;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

import io.gozd.listener.GatedAcceptor;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.Posix;

/**
 * Where a connector's listener comes from, and where the connector is counted.
 *
 * @param claim finds the listener
 * @param endpoints the endpoints of this process
 * @param posix the operating system
 */
public record ListenerSource(Claim claim, Endpoints endpoints, Supplier<Posix> posix) {

	/**
	 * Claim the listener, and accept from it behind a gate.
	 * @param address what the connector is configured with
	 * @param backlog how many connections may wait, as the connector is configured
	 * @param binder binds a channel as the connector is configured
	 * @return what accepts, with the gate shut
	 * @throws IOException if the listener is not to be had
	 */
	public GatedAcceptor acceptor(InetSocketAddress address, int backlog, ListenerTable.Binder binder)
			throws IOException {
		Listener listener = this.claim.claim(address, backlog, binder);
		try {
			return new GatedAcceptor(listener);
		}
		catch (IOException ex) {
			listener.channel().close();
			throw ex;
		}
	}

	/** Finds the listener of a connector. */
	@FunctionalInterface
	public interface Claim {

		/**
		 * Claim the listener.
		 * @param address what the connector is configured with
		 * @param backlog how many connections may wait, as the connector is configured
		 * @param binder binds a channel as the connector is configured
		 * @return the listener, owned by the caller
		 * @throws IOException if it is not to be had
		 */
		Listener claim(InetSocketAddress address, int backlog, ListenerTable.Binder binder) throws IOException;

	}

}
