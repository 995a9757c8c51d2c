package io.gozd.jetty;

import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.gozd.listener.InheritedListener;
import io.gozd.server.ListenerContract;
import io.gozd.server.Script;
import io.gozd.tomcat.HttpSocket;
import io.gozd.tomcat.Servlets;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

final class HandoverConnectorTests extends ListenerContract<EmbeddedJetty> {

	@Override
	protected EmbeddedJetty create(Script script, Path directory, List<InheritedListener> inheritance) {
		return EmbeddedJetty.of(script, inheritance);
	}

	@Test
	void theQueueIsAsLongAsJettyAsks() throws Exception {
		server().serve();
		assertThat(server().listeners().open()).singleElement()
			.satisfies((listener) -> assertThat(listener.backlog()).as("what the JDK makes of Jetty's default")
				.isEqualTo(50));
	}

	@Test
	void everyConnectorHasItsListener() throws Exception {
		server().connector(new ServerConnector(server().server(), EmbeddedJetty.factories())).serve();
		assertThat(server().listeners().open()).extracting((listener) -> listener.key().value())
			.containsExactlyInAnyOrder("tcp:127.0.0.1:0#server", "tcp:127.0.0.1:0#server-1");
		ServerConnector second = (ServerConnector) server().server().getConnectors()[1];
		try (HttpSocket client = new HttpSocket(second.getLocalPort())) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void aDirectiveOfAUnixSocketIsServed() throws Exception {
		Path path = directory().resolve("web.sock");
		server().directive(UnixDomainSocketAddress.of(path))
			.servlet("/from", Servlets.answer((request) -> request.getRemoteAddr() + ":" + request.getRemotePort()))
			.serve();
		try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
			client.write(StandardCharsets.US_ASCII
				.encode("GET /from HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
			StringBuilder answer = new StringBuilder();
			ByteBuffer buffer = ByteBuffer.allocate(1024);
			while (client.read(buffer) >= 0) {
				answer.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
				buffer.clear();
			}
			assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("127.0.0.1:0");
		}
		await().until(() -> server().endpoints().openConnections() == 0);
	}

	@Test
	void jettyStopsWhileALimitIsReached() throws Exception {
		server().server().addBean(new NetworkConnectionLimit(1, server().server().getConnectors()));
		server().serve();
		try (HttpSocket first = server().connect(); HttpSocket second = server().connect()) {
			first.get("/");
			second.send("/");
			assertThat(second.isQuiet()).as("the limit holds for the connector that has come in").isTrue();
			server().close();
		}
		assertNoAcceptor();
	}

	@Test
	void whatWaitsForALimitIsServedAtTheEnd() throws Exception {
		server().server().addBean(new NetworkConnectionLimit(1, server().server().getConnectors()));
		server().serve();
		try (HttpSocket first = server().connect(); HttpSocket second = server().connect()) {
			first.get("/");
			second.send("/");
			assertThat(second.isQuiet()).isTrue();
			server().endpoint().refuseNewcomers();
			assertThat(second.answer().body()).isEqualTo("first");
			assertThat(first.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void aConnectorThatStartsAgainDrainsNoMore() throws Exception {
		server().serve();
		server().draining(true);
		server().connector().stop();
		server().connector().start();
		try (HttpSocket client = server().connect()) {
			assertThat(client.get("/").headers("Connection")).isEmpty();
		}
	}

	@Test
	void aConnectorCanBeStoppedAndStartedAgain() throws Exception {
		server().serve();
		for (int i = 0; i < 3; i++) {
			server().connector().stop();
			assertThat(server().all()).isEmpty();
			server().connector().start();
			assertThat(server().listeners().open()).hasSize(1);
			try (HttpSocket client = server().connect()) {
				assertThat(client.get("/").body()).isEqualTo("first");
			}
		}
		await().until(() -> server().endpoints().openConnections() == 0);
	}

	@Test
	void aConnectorThatIsShutDownHasNoListener() throws Exception {
		server().serve();
		int port = server().port();
		server().connector().shutdown().get(10, TimeUnit.SECONDS);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

}
