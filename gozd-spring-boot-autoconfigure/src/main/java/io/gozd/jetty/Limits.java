package io.gozd.jetty;

import java.util.Collection;

import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;

/**
 * The limits of how many connections a Jetty has.
 */
final class Limits {

	private Limits() {
	}

	/**
	 * Limit the connectors that the server has now, not those that it had before, nor
	 * those that it has when it starts: Spring Boot starts it without any.
	 */
	static void renew(Server server) {
		if (isKnown()) {
			for (NetworkConnectionLimit limit : limits(server)) {
				NetworkConnectionLimit renewed = new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(),
						server.getConnectors());
				renewed.setEndPointIdleTimeout(limit.getEndPointIdleTimeout());
				server.removeBean(limit);
				server.addBean(renewed);
			}
		}
	}

	static void lift(Server server) {
		if (isKnown()) {
			limits(server).forEach((limit) -> limit.setMaxNetworkConnectionCount(Integer.MAX_VALUE));
		}
	}

	private static Collection<NetworkConnectionLimit> limits(Server server) {
		return server.getBeans(NetworkConnectionLimit.class);
	}

	/** Jetty 12.0 has it since 12.0.24. */
	private static boolean isKnown() {
		return Present.type("org.eclipse.jetty.server.NetworkConnectionLimit");
	}

}
