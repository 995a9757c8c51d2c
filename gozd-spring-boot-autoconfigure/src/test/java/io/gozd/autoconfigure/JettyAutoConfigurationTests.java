package io.gozd.autoconfigure;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import io.gozd.daemon.Application;
import io.gozd.daemon.DaemonException;
import io.gozd.daemon.Generation;
import io.gozd.drain.Endpoint;
import io.gozd.jetty.JettyWebSockets;
import io.gozd.tomcat.HttpSocket;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.web.embedded.EmbeddedWebServerFactoryCustomizerAutoConfiguration;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.embedded.jetty.JettyReactiveWebServerFactory;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.embedded.jetty.JettyWebServer;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.server.reactive.HttpHandler;

import static org.assertj.core.api.Assertions.assertThat;

final class JettyAutoConfigurationTests {

	@RegisterExtension
	private final StartedGeneration started = new StartedGeneration();

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource
	void aServerListensWhereItsListenerCanBeHandedOver(Kind kind) {
		run(kind, (jetty) -> {
			assertThat(this.started.generation().listeners().open()).singleElement()
				.satisfies((listener) -> assertThat(listener.address().toString()).endsWith(":" + jetty.getPort()))
				.satisfies((listener) -> assertThat(listener.key()).hasToString("tcp:*:0#server"));
			assertThat(this.started.application().obstacle()).isEmpty();
			assertAnswers(jetty.getPort());
		}, "server.port=0");
	}

	@ParameterizedTest
	@EnumSource
	void aServerThatStopsHasNoListener(Kind kind) {
		run(kind, (jetty) -> assertThat(this.started.generation().listeners().open()).hasSize(1), "server.port=0");
		assertThat(this.started.generation().listeners().open()).isEmpty();
		this.started.generation().endpoints().forEach((Endpoint endpoint) -> {
			throw new AssertionError(endpoint.name() + " is still there");
		});
	}

	@ParameterizedTest
	@EnumSource
	void everyDirectiveHasAConnectorWithWhatIsConfigured(Kind kind) throws Exception {
		Path path = this.directory.resolve("web.sock");
		run(kind, (jetty) -> {
			List<ServerConnector> connectors = connectors(jetty);
			assertThat(connectors).hasSize(3).allSatisfy((connector) -> {
				assertThat(connector.getIdleTimeout()).isEqualTo(12_000);
				assertThat(connector.getConnectionFactory(HttpConnectionFactory.class)
					.getHttpConfiguration()
					.getRequestHeaderSize()).isEqualTo(3000);
			});
			assertThat(this.started.application().obstacle()).isEmpty();
			assertThat(this.started.generation().listeners().open()).extracting((listener) -> listener.key().value())
				.containsExactlyInAnyOrder("tcp:127.0.0.1:0#a-web", "tcp:127.0.0.1:0#b-tls", "unix:" + path);
			assertThat(connectors.get(0).getLocalPort()).isEqualTo(jetty.getPort());
			assertAnswers(jetty.getPort());
			assertAnswersThroughTls(connectors.get(1).getLocalPort());
			assertAnswers(path);
		}, with(tls(), "gozd.directives.a-web.address=127.0.0.1:0", "gozd.directives.a-web.protocol=http",
				"gozd.directives.b-tls.address=127.0.0.1:0", "gozd.directives.b-tls.protocol=https",
				"gozd.directives.b-tls.ssl.bundle=web", "gozd.directives.c-unix.network=unix",
				"gozd.directives.c-unix.address=" + path, "gozd.directives.c-unix.protocol=http",
				"server.jetty.connection-idle-timeout=12s", "server.max-http-request-header-size=3000B"));
	}

	@ParameterizedTest
	@EnumSource
	void theFirstDirectiveMayBeOfTls(Kind kind) throws Exception {
		run(kind, (jetty) -> {
			assertThat(connectors(jetty)).hasSize(2);
			assertAnswersThroughTls(jetty.getPort());
			assertAnswers(connectors(jetty).get(1).getLocalPort());
		}, with(tls(), "gozd.directives.a-tls.address=127.0.0.1:0", "gozd.directives.a-tls.protocol=https",
				"gozd.directives.a-tls.ssl.bundle=web", "gozd.directives.b-web.address=127.0.0.1:0",
				"gozd.directives.b-web.protocol=http"));
	}

	@Test
	void thePortThatTheUserHasSetIsServedBesideTheDirectives() {
		run(Kind.SERVLET, (jetty) -> {
			assertThat(this.started.generation().listeners().open()).extracting((listener) -> listener.key().value())
				.containsExactlyInAnyOrder("tcp:*:0#server", "tcp:127.0.0.1:0#web");
			assertThat(connectors(jetty)).hasSize(2);
			for (ServerConnector connector : connectors(jetty)) {
				assertAnswers(connector.getLocalPort());
			}
		}, "server.port=0", "gozd.directives.web.address=127.0.0.1:0", "gozd.directives.web.protocol=http");
	}

	@ParameterizedTest
	@EnumSource
	void theLimitOfConnectionsIsThatOfTheConnectorsThatServe(Kind kind) {
		run(kind, (jetty) -> {
			assertThat(jetty.getServer().getBean(NetworkConnectionLimit.class).getMaxNetworkConnectionCount())
				.isEqualTo(7);
			assertThat(connectors(jetty))
				.allSatisfy((connector) -> assertThat(connector.getBean(NetworkConnectionLimit.class)).isNotNull());
		}, "server.port=0", "server.jetty.max-connections=7");
	}

	@Test
	void fastCgiIsRefusedWithTheReason() {
		servlet()
			.withPropertyValues("gozd.directives.web.address=127.0.0.1:0", "gozd.directives.fcgi.protocol=fcgi",
					"gozd.directives.fcgi.address=127.0.0.1:0")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(DaemonException.class)
				.hasMessage("gozd.directives.fcgi.protocol is 'fcgi', and the application's web server is Jetty, which"
						+ " does not speak FastCGI"));
		assertThat(this.started.generation().listeners().open()).as("Jetty was not made").isEmpty();
	}

	@Test
	void aKeyThatIsNotThereIsToldAtTheStart() throws Exception {
		servlet()
			.withPropertyValues(with(tls(), "server.port=0", "gozd.directives.tls.address=127.0.0.1:0",
					"gozd.directives.tls.protocol=https", "gozd.directives.tls.ssl.bundle=web",
					"spring.ssl.bundle.jks.web.key.alias=other"))
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("alias 'other'"));
	}

	@Test
	void webSocketsAreGivenTheTimeThatWasConfigured() {
		servlet().withPropertyValues("server.port=0", "gozd.drain.websocket-timeout=8s")
			.run((context) -> assertThat(context.getBean(JettyWebSockets.class).patience()).hasSeconds(8));
	}

	private void run(Kind kind, Check check, String... properties) {
		if (kind == Kind.SERVLET) {
			servlet().withPropertyValues(properties)
				.run((context) -> check.accept(jetty(context.getSourceApplicationContext())));
		}
		else {
			reactive().withPropertyValues(properties)
				.run((context) -> check.accept(jetty(context.getSourceApplicationContext())));
		}
	}

	private static JettyWebServer jetty(ConfigurableApplicationContext context) {
		return (JettyWebServer) ((WebServerApplicationContext) context).getWebServer();
	}

	private WebApplicationContextRunner servlet() {
		return complete(new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
			.withConfiguration(AutoConfigurations.of(ServletWebServerFactoryAutoConfiguration.class))
			.withBean(JettyServletWebServerFactory.class, JettyServletWebServerFactory::new));
	}

	private ReactiveWebApplicationContextRunner reactive() {
		HttpHandler handler = (request, response) -> {
			response.setRawStatusCode(404);
			return response.setComplete();
		};
		return complete(
				new ReactiveWebApplicationContextRunner(AnnotationConfigReactiveWebServerApplicationContext::new)
					.withConfiguration(AutoConfigurations.of(ReactiveWebServerFactoryAutoConfiguration.class))
					.withBean(JettyReactiveWebServerFactory.class, JettyReactiveWebServerFactory::new)
					.withBean(HttpHandler.class, () -> handler));
	}

	private <T extends AbstractApplicationContextRunner<T, ?, ?>> T complete(T runner) {
		return runner
			.withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class, SslAutoConfiguration.class,
					EmbeddedWebServerFactoryCustomizerAutoConfiguration.class))
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application);
	}

	private static List<ServerConnector> connectors(JettyWebServer jetty) {
		return Arrays.stream(jetty.getServer().getConnectors()).map(ServerConnector.class::cast).toList();
	}

	private static String[] with(String[] some, String... others) {
		return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(String[]::new);
	}

	private String[] tls() throws IOException, InterruptedException {
		Path store = this.directory.resolve("web.p12");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias",
						"web", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12", "-keystore",
						store.toString(), "-storepass", "changeit"));
		assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor()).isZero();
		return new String[] { "spring.ssl.bundle.jks.web.keystore.location=file:" + store,
				"spring.ssl.bundle.jks.web.keystore.password=changeit" };
	}

	private void assertAnswers(int port) throws IOException {
		this.started.generation().endpoints().open();
		try (HttpSocket client = new HttpSocket(port)) {
			assertThat(client.get("/none").status()).isEqualTo("404");
		}
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

	private void assertAnswersThroughTls(int port) throws Exception {
		this.started.generation().endpoints().open();
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new TrustsAll() }, null);
		try (SSLSocket client = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
			client.setSoTimeout(10_000);
			client.getOutputStream()
				.write("GET /none HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(new String(client.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
				.isEqualTo("HTTP/1.1 404");
		}
	}

	private enum Kind {

		SERVLET, REACTIVE

	}

	@FunctionalInterface
	private interface Check {

		void accept(JettyWebServer jetty) throws Exception;

	}

	private static final class TrustsAll implements X509TrustManager {

		@Override
		public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {
		}

		@Override
		public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {
		}

		@Override
		public java.security.cert.X509Certificate[] getAcceptedIssuers() {
			return new java.security.cert.X509Certificate[0];
		}

	}

}
