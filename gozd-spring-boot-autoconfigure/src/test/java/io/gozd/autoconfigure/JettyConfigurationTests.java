package io.gozd.autoconfigure;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

import io.gozd.boot.BootLine;
import io.gozd.jetty.JettyWebSockets;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.web.server.WebServer;

import static org.assertj.core.api.Assertions.assertThat;

final class JettyConfigurationTests extends WebServerContract {

	JettyConfigurationTests() {
		super("jetty", JettyWebSockets.class);
	}

	@ParameterizedTest
	@EnumSource
	void everyConnectorHasWhatIsConfigured(Kind kind) throws Exception {
		Path path = directory().resolve("web.sock");
		run(kind, (server) -> {
			assertThat(connectors(server)).hasSize(3).allSatisfy((connector) -> {
				assertThat(connector.getIdleTimeout()).isEqualTo(12_000);
				assertThat(connector.getConnectionFactory(HttpConnectionFactory.class)
					.getHttpConfiguration()
					.getRequestHeaderSize()).isEqualTo(3000);
			});
			started().generation().endpoints().open();
			assertAnswers(path);
		}, with(tls(), directive("a-web", "http"), directive("b-tls", "https"),
				of("gozd.directives.c-unix.network=unix", "gozd.directives.c-unix.address=" + path,
						"gozd.directives.c-unix.protocol=http", "server.jetty.connection-idle-timeout=12s",
						"server.max-http-request-header-size=3000B")));
	}

	@ParameterizedTest
	@EnumSource
	void theLimitOfConnectionsIsThatOfTheConnectorsThatServe(Kind kind) {
		run(kind, (server) -> {
			assertThat(jetty(server).getBean(NetworkConnectionLimit.class).getMaxNetworkConnectionCount()).isEqualTo(7);
			assertThat(connectors(server))
				.allSatisfy((connector) -> assertThat(connector.getBean(NetworkConnectionLimit.class)).isNotNull());
		}, "server.port=0", "server.jetty.max-connections=7");
	}

	@Test
	void aKeyThatIsNotThereIsToldAtTheStart() throws Exception {
		assertThat(failureOf(Kind.SERVLET,
				with(tls(), directive("tls", "https"),
						of("server.port=0", "spring.ssl.bundle.jks.web.key.alias=other"))))
			.hasMessageContaining("alias 'other'");
	}

	private static Server jetty(WebServer server) {
		return (Server) BootLine.property(server, "server");
	}

	private static List<ServerConnector> connectors(WebServer server) {
		return Arrays.stream(jetty(server).getConnectors()).map(ServerConnector.class::cast).toList();
	}

	private static void assertAnswers(Path path) throws IOException {
		try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
			client.write(StandardCharsets.US_ASCII.encode("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n"));
			ByteBuffer answer = ByteBuffer.allocate(12);
			while (answer.hasRemaining()) {
				assertThat(client.read(answer)).isPositive();
			}
			assertThat(new String(answer.array(), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 404");
		}
	}

}
