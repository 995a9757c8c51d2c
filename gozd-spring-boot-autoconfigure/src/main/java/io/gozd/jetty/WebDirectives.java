package io.gozd.jetty;

import java.util.List;

import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.jspecify.annotations.Nullable;

/**
 * The directives that a Jetty serves.
 *
 * @param directives where their listeners are
 * @param first the directive of the first connector, or null where that is implied
 * @param others the directives that need connectors of their own
 * @param maker makes them
 */
public record WebDirectives(Directives directives, @Nullable Directive first, List<Directive> others, Maker maker) {

	Connector connector(Server server, Directive directive) {
		Connector[] connectors = server.getConnectors();
		try {
			Object made = this.maker.make(server, directive);
			return (made != null) ? (Connector) made : server.getConnectors()[0];
		}
		finally {
			server.setConnectors(connectors);
		}
	}

	/** Makes a connector as the first one was made. */
	@FunctionalInterface
	public interface Maker {

		/**
		 * Make a connector.
		 * @param server the Jetty
		 * @param directive what it is for
		 * @return the connector, or null if it has taken the place of those that the
		 * Jetty had
		 */
		@Nullable Object make(Object server, Directive directive);

	}

}
