package io.gozd.jetty;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import io.gozd.listener.InheritedListener;
import io.gozd.server.DrainContract;
import io.gozd.server.Script;
import io.gozd.tomcat.HttpAnswer;
import io.gozd.tomcat.HttpSocket;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class JettyEndpointTests extends DrainContract<EmbeddedJetty> {

	@Override
	protected EmbeddedJetty create(Script script, Path directory, List<InheritedListener> inheritance) {
		return EmbeddedJetty.of(script, inheritance);
	}

	@Override
	protected HttpAnswer upgrade(HttpSocket client) throws IOException {
		return WebSockets.handshake(client, "/ws");
	}

	@Test
	void aWebSocketIsNotIdle() throws Exception {
		try (HttpSocket webSocket = server().connect(); HttpSocket idle = server().connect()) {
			WebSockets.handshake(webSocket, "/ws");
			idle.get("/");
			closeIdleUntil(1);
			assertThat(WebSockets.echo(webSocket, "still")).isEqualTo("still");
		}
	}

	@Test
	void itIsCalledAfterWhatItSpeaksAndWhere() {
		assertThat(server().endpoint().name()).isEqualTo("http-jetty-127.0.0.1-" + server().port());
	}

}
