package io.gozd.autoconfigure;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.gozd.daemon.Application;
import io.gozd.daemon.DaemonException;
import io.gozd.daemon.Generation;
import io.gozd.drain.Endpoint;
import io.gozd.undertow.UndertowWebSockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.web.reactive.ReactiveWebServerFactoryAutoConfiguration;
import org.springframework.boot.autoconfigure.web.servlet.ServletWebServerFactoryAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.boot.web.embedded.undertow.UndertowReactiveWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowServletWebServerFactory;
import org.springframework.boot.web.embedded.undertow.UndertowWebServer;
import org.springframework.boot.web.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.http.server.reactive.HttpHandler;

import static org.assertj.core.api.Assertions.assertThat;

final class UndertowConfigurationTests {

	@RegisterExtension
	private final StartedGeneration started = new StartedGeneration();

	@TempDir
	private Path directory;

	@Test
	void aServerListensWhereItsListenerCanBeHandedOver() {
		servlet().withPropertyValues("server.port=0").run((context) -> {
			UndertowWebServer server = server(context);
			assertThat(this.started.generation().listeners().open()).singleElement()
				.satisfies((listener) -> assertThat(listener.address().toString()).endsWith(":" + server.getPort()))
				.satisfies((listener) -> assertThat(listener.key()).hasToString("tcp:*:0#server"));
			assertThat(this.started.application().obstacle()).isEmpty();
			assertThat(status(server.getPort())).isEqualTo(404);
		});
	}

	@Test
	void aReactiveServerDoesToo() {
		new ReactiveWebApplicationContextRunner(AnnotationConfigReactiveWebServerApplicationContext::new)
			.withConfiguration(
					AutoConfigurations.of(GozdAutoConfiguration.class, ReactiveWebServerFactoryAutoConfiguration.class))
			.withBean(UndertowReactiveWebServerFactory.class)
			.withBean(HttpHandler.class, () -> (request, response) -> Mono.fromRunnable(response::setComplete))
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.withPropertyValues("server.port=0")
			.run((context) -> {
				UndertowWebServer server = server(context);
				assertThat(this.started.generation().listeners().open()).singleElement()
					.satisfies((listener) -> assertThat(listener.key()).hasToString("tcp:*:0#server"));
				assertThat(this.started.application().obstacle()).isEmpty();
				assertThat(endpoints()).hasSize(1);
				assertThat(server.getPort()).isPositive();
			});
	}

	@Test
	void aServerThatStopsHasNoListener() {
		servlet().withPropertyValues("server.port=0").run((context) -> context.getSourceApplicationContext().close());
		assertThat(this.started.generation().listeners().open()).isEmpty();
		assertThat(endpoints()).isEmpty();
	}

	@Test
	void theFirstDirectiveIsTheDefaultListenerAndTheOthersAreMore() {
		servlet()
			.withPropertyValues("gozd.directives.one.address=127.0.0.1:0", "gozd.directives.one.protocol=http",
					"gozd.directives.two.address=127.0.0.1:0", "gozd.directives.two.protocol=http")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(this.started.generation().listeners().open())
					.extracting((listener) -> listener.key().value())
					.containsExactlyInAnyOrder("tcp:127.0.0.1:0#one", "tcp:127.0.0.1:0#two");
				assertThat(endpoints()).hasSize(2);
				assertThat(this.started.generation().listeners().open().get(0).address().toString())
					.endsWith(":" + server(context).getPort());
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "http", "fcgi" })
	void whatUndertowCanNotServeIsRefused(String protocol) {
		boolean fcgi = protocol.equals("fcgi");
		servlet()
			.withPropertyValues("gozd.directives.odd.protocol=" + protocol,
					fcgi ? "gozd.directives.odd.address=127.0.0.1:0"
							: "gozd.directives.odd.address=" + this.directory.resolve("s"))
			.run((context) -> {
				assertThat(context).hasFailed();
				Throwable failure = context.getStartupFailure();
				while (!(failure instanceof DaemonException)) {
					failure = failure.getCause();
				}
				assertThat(failure).hasMessageContaining("gozd.directives.odd.")
					.hasMessageContaining("the application's web server is Undertow, which "
							+ (fcgi ? "does not speak FastCGI" : "serves TCP alone"));
				assertThat(((DaemonException) failure).action()).startsWith("Use spring-boot-starter-tomcat")
					.endsWith("or remove it");
			});
	}

	@Test
	void webSocketsAreGivenTheTimeThatWasConfigured() {
		servlet().withPropertyValues("server.port=0", "gozd.drain.websocket-timeout=8s")
			.run((context) -> assertThat(context.getBean(UndertowWebSockets.class).patience())
				.isEqualTo(Duration.ofSeconds(8)));
	}

	@Test
	void anApplicationWithoutUndertowStarts() {
		new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
			.withConfiguration(
					AutoConfigurations.of(GozdAutoConfiguration.class, ServletWebServerFactoryAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("io.undertow", "org.xnio",
					"org.springframework.boot.web.embedded.undertow"))
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.withPropertyValues("server.port=0")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(UndertowWebSockets.class));
	}

	private WebApplicationContextRunner servlet() {
		return new WebApplicationContextRunner(AnnotationConfigServletWebServerApplicationContext::new)
			.withConfiguration(
					AutoConfigurations.of(GozdAutoConfiguration.class, ServletWebServerFactoryAutoConfiguration.class))
			.withBean(UndertowServletWebServerFactory.class)
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application);
	}

	private static UndertowWebServer server(ApplicationContext context) {
		return (UndertowWebServer) ((WebServerApplicationContext) ((ApplicationContextAssertProvider<?>) context)
			.getSourceApplicationContext()).getWebServer();
	}

	private List<Endpoint> endpoints() {
		List<Endpoint> endpoints = new ArrayList<>();
		this.started.generation().endpoints().forEach(endpoints::add);
		return endpoints;
	}

	private static int status(int port) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/none")
			.toURL()
			.openConnection();
		connection.setReadTimeout(10_000);
		return connection.getResponseCode();
	}

}
