package io.gozd.tomcat;

import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;

/**
 * HTTP/1.1 (and what it upgrades to) on a listener that can be handed to a successor. The
 * starter gives it to the connectors that Spring Boot makes; an application that adds a
 * connector of its own makes it with {@code new Connector(new HandoverProtocol())}. Where
 * the starter stands aside it is Tomcat's own protocol and no more.
 */
public final class HandoverProtocol extends Http11NioProtocol {

	private final HandoverNioEndpoint endpoint;

	/**
	 * Create a protocol whose endpoint binds its address by itself, until it is told
	 * where its listener comes from.
	 */
	public HandoverProtocol() {
		this(new HandoverNioEndpoint());
	}

	private HandoverProtocol(HandoverNioEndpoint endpoint) {
		super(endpoint);
		// Not asked back: getEndpoint() has another type in each line of Tomcat.
		this.endpoint = endpoint;
	}

	HandoverNioEndpoint endpoint() {
		return this.endpoint;
	}

	@Override
	protected Processor createProcessor() {
		Processor processor = super.createProcessor();
		if (this.endpoint.isManaged()) {
			CommitHook.install((Http11Processor) processor, this.endpoint::isDraining);
		}
		return processor;
	}

}
