package io.gozd.tomcat;

import java.net.ConnectException;
import java.nio.file.Path;
import java.util.List;

import io.gozd.listener.InheritedListener;
import io.gozd.server.ListenerContract;
import io.gozd.server.Script;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

final class HandoverProtocolTests extends ListenerContract<EmbeddedTomcat> {

	@Override
	protected EmbeddedTomcat create(Script script, Path directory, List<InheritedListener> inheritance) {
		return EmbeddedTomcat.of(script, directory, inheritance);
	}

	@Test
	void everyConnectorHasItsListener() throws Exception {
		Connector second = new Connector(new HandoverProtocol());
		server().connector(second, 0).serve();
		assertThat(server().listeners().open()).extracting((listener) -> listener.key().value())
			.containsExactlyInAnyOrder("tcp:127.0.0.1:0#server", "tcp:127.0.0.1:0#server-1");
		try (HttpSocket client = new HttpSocket(second.getLocalPort())) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void aConnectorThatIsPausedLeavesConnectionsInTheQueue() throws Exception {
		server().serve();
		try (HttpSocket before = server().connect()) {
			before.get("/");
		}
		server().connector().pause();
		try (HttpSocket client = server().connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			server().connector().resume();
			assertThat(client.answer().body()).isEqualTo("first");
		}
		await().until(() -> server().endpoints().openConnections() == 0);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aConnectorCanBeStoppedAndStartedAgain(boolean bindOnInit) throws Exception {
		server().connector().setProperty("bindOnInit", Boolean.toString(bindOnInit));
		server().serve();
		server().connector().stop();
		server().connector().start();
		try (HttpSocket client = server().connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
		await().until(() -> server().endpoints().openConnections() == 0);
	}

	@Test
	void whatNobodyTookIsTomcatsOwn() throws Exception {
		server().start();
		int port = server().port();
		try (HttpSocket client = server().connect()) {
			HttpAnswer answer = client.get("/");
			assertThat(answer.body()).isEqualTo("first");
			assertThat(answer.headers("Connection")).isEmpty();
		}
		assertThat(server().listeners().open()).isEmpty();
		assertThat(server().all()).isEmpty();
		server().connector().pause();
		server().connector().resume();
		try (HttpSocket client = server().connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
		server().close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

}
