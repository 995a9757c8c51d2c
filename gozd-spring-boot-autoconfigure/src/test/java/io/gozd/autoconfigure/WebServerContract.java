package io.gozd.autoconfigure;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import io.gozd.boot.BootLine;
import io.gozd.daemon.Application;
import io.gozd.daemon.DaemonException;
import io.gozd.daemon.Generation;
import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.DrainReport;
import io.gozd.drain.Endpoint;
import io.gozd.drain.LongLived;
import io.gozd.listener.Listener;
import io.gozd.tomcat.HttpAnswer;
import io.gozd.tomcat.HttpSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.assertj.ApplicationContextAssertProvider;
import org.springframework.boot.test.context.runner.AbstractApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.ApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the starter does for a server other than Tomcat as Spring Boot makes it, for
 * servlets and for WebFlux.
 */
abstract class WebServerContract {

	private static final BootLine LINE = BootLine.present();

	@RegisterExtension
	private final StartedGeneration started = new StartedGeneration();

	@TempDir
	private Path directory;

	private final String name;

	private final Class<? extends LongLived> webSockets;

	/**
	 * Create it.
	 * @param name the server, in lower case
	 * @param webSockets what ends its WebSockets
	 */
	WebServerContract(String name, Class<? extends LongLived> webSockets) {
		this.name = name;
		this.webSockets = webSockets;
	}

	@ParameterizedTest
	@EnumSource
	void aServerListensWhereItsListenerCanBeHandedOver(Kind kind) {
		run(kind, (server) -> {
			assertThat(listeners()).singleElement()
				.satisfies((listener) -> assertThat(port(listener)).isEqualTo(server.getPort()))
				.satisfies((listener) -> assertThat(listener.key()).hasToString("tcp:*:0#server"));
			assertThat(endpoints()).hasSize(1);
			assertThat(this.started.application().obstacle()).isEmpty();
			assertAnswers(server.getPort());
		}, "server.port=0");
	}

	@ParameterizedTest
	@EnumSource
	void aServerThatStopsHasNoListener(Kind kind) {
		run(kind, (server) -> assertThat(listeners()).hasSize(1), "server.port=0");
		assertThat(listeners()).isEmpty();
		assertThat(endpoints()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void connectionsAreCountedAndDrained(Kind kind) {
		BlockingQueue<DrainReport> reports = new LinkedBlockingQueue<>();
		run(kind, (server) -> {
			this.started.generation().endpoints().open();
			Drain drain = new Drain(this.started.generation().endpoints(), DrainCause.HANDOVER, List.of(),
					Duration.ofSeconds(20), (ended, report) -> reports.add(report));
			try (HttpSocket client = new HttpSocket(server.getPort())) {
				assertThat(client.get("/none").headers("Connection")).doesNotContain("close");
				assertThat(this.started.generation().endpoints().openConnections()).isOne();
				drain.start();
				HttpAnswer last = client.get("/none");
				assertThat(last.status()).isEqualTo("404");
				assertThat(last.headers("Connection")).containsExactly("close");
				assertThat(client.isClosedByServer()).isTrue();
			}
			assertThat(reports.poll(10, TimeUnit.SECONDS)).isNotNull().returns(0, DrainReport::cut);
		}, "server.port=0");
	}

	@ParameterizedTest
	@EnumSource
	void everyDirectiveIsServed(Kind kind) throws Exception {
		run(kind, (server) -> {
			assertThat(listeners()).extracting((listener) -> listener.key().value())
				.containsExactlyInAnyOrder("tcp:127.0.0.1:0#a-web", "tcp:127.0.0.1:0#b-tls", "tcp:127.0.0.1:0#c-web",
						"tcp:127.0.0.1:0#d-tls");
			assertThat(endpoints()).hasSize(4);
			assertThat(this.started.application().obstacle()).isEmpty();
			assertThat(server.getPort()).isEqualTo(port("a-web"));
			assertAnswers(port("a-web"));
			assertAnswersThroughTls(port("b-tls"));
			assertAnswers(port("c-web"));
			assertAnswersThroughTls(port("d-tls"));
		}, with(tls(), directive("a-web", "http"), directive("b-tls", "https"), directive("c-web", "http"),
				directive("d-tls", "https")));
	}

	@ParameterizedTest
	@EnumSource
	void theFirstDirectiveMayBeOfTls(Kind kind) throws Exception {
		run(kind, (server) -> {
			assertThat(endpoints()).hasSize(2);
			assertThat(server.getPort()).isEqualTo(port("a-tls"));
			assertAnswersThroughTls(port("a-tls"));
			assertAnswers(port("b-web"));
		}, with(tls(), directive("a-tls", "https"), directive("b-web", "http")));
	}

	@ParameterizedTest
	@EnumSource
	void thePortThatTheUserHasSetIsServedBesideTheDirectives(Kind kind) {
		run(kind, (server) -> {
			assertThat(listeners()).extracting((listener) -> listener.key().value())
				.containsExactlyInAnyOrder("tcp:*:0#server", "tcp:127.0.0.1:0#web");
			assertAnswers(port("server"));
			assertAnswers(port("web"));
		}, with(directive("web", "http"), of("server.port=0")));
	}

	@Test
	void aManagementPortIsHandedOverToo() {
		runner(Kind.SERVLET).withConfiguration(LINE.management())
			.withPropertyValues("server.port=0", "management.server.port=0")
			.run(checked((server) -> {
				assertThat(listeners()).extracting((listener) -> listener.key().value())
					.containsExactlyInAnyOrder("tcp:*:0#server", "tcp:*:0#management");
				assertThat(endpoints()).hasSize(2);
				assertThat(this.started.application().obstacle()).isEmpty();
				assertThat(server.getPort()).isEqualTo(port("server"));
				assertAnswers(port("server"));
				assertAnswers(port("management"));
			}));
		assertThat(listeners()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void fastCgiIsRefused(Kind kind) {
		Throwable failure = failureOf(kind, with(directive("web", "http"), directive("fcgi", "fcgi")));
		assertThat(failure)
			.hasMessageStartingWith("gozd.directives.fcgi.protocol is 'fcgi', and the application's web server is ");
		assertThat(((DaemonException) failure).action()).startsWith("Use spring-boot-starter-tomcat");
		assertThat(listeners()).isEmpty();
	}

	@Test
	void webSocketsAreGivenTheTimeThatWasConfigured() {
		runner(Kind.SERVLET).withPropertyValues("server.port=0", "gozd.drain.websocket-timeout=8s")
			.run((context) -> assertThat(context.getBean(this.webSockets).patience()).hasSeconds(8));
	}

	/** Why an application does not start. */
	final Throwable failureOf(Kind kind, String... properties) {
		List<Throwable> failures = new ArrayList<>();
		runner(kind).withPropertyValues(properties)
			.run((context) -> failures.add(((ApplicationContextAssertProvider<?>) context).getStartupFailure()));
		Throwable failure = failures.get(0);
		assertThat(failure).as("it starts").isNotNull();
		while (failure.getCause() != null) {
			failure = failure.getCause();
		}
		return failure;
	}

	/** Run an application with these properties. */
	final void run(Kind kind, Check check, String... properties) {
		runner(kind).withPropertyValues(properties).run(checked(check));
	}

	private static ContextConsumer<ApplicationContext> checked(Check check) {
		return (context) -> check
			.accept(BootLine.server(((ApplicationContextAssertProvider<?>) context).getSourceApplicationContext()));
	}

	private AbstractApplicationContextRunner<?, ?, ?> runner(Kind kind) {
		boolean reactive = kind == Kind.REACTIVE;
		AbstractApplicationContextRunner<?, ?, ?> runner = reactive
				? new ReactiveWebApplicationContextRunner(LINE.reactiveContexts()).withBean(HttpHandler.class,
						() -> WebServerContract::findNothing)
				: new WebApplicationContextRunner(LINE.servletContexts());
		return runner.withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class, SslAutoConfiguration.class))
			.withConfiguration(LINE.server(this.name, reactive))
			.withInitializer((context) -> ((BeanDefinitionRegistry) context).registerBeanDefinition("factory",
					new RootBeanDefinition(LINE.factory(this.name, reactive))))
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application);
	}

	private static Mono<Void> findNothing(ServerHttpRequest request, ServerHttpResponse response) {
		response.setStatusCode(HttpStatus.NOT_FOUND);
		return response.setComplete();
	}

	static String[] directive(String id, String protocol) {
		String property = "gozd.directives." + id + ".";
		String[] properties = { property + "address=127.0.0.1:0", property + "protocol=" + protocol };
		return protocol.equals("https") ? with(properties, of(property + "ssl.bundle=web")) : properties;
	}

	static String[] with(String[]... all) {
		return Stream.of(all).flatMap(Stream::of).toArray(String[]::new);
	}

	static String[] of(String... properties) {
		return properties;
	}

	/** A bundle that is called web. */
	final String[] tls() throws IOException, InterruptedException {
		Path store = this.directory.resolve("web.p12");
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "web", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12",
				"-keystore", store.toString(), "-storepass", "changeit");
		assertThat(new ProcessBuilder(command).redirectErrorStream(true).start().waitFor()).isZero();
		return new String[] { "spring.ssl.bundle.jks.web.keystore.location=file:" + store,
				"spring.ssl.bundle.jks.web.keystore.password=changeit" };
	}

	final Path directory() {
		return this.directory;
	}

	final StartedGeneration started() {
		return this.started;
	}

	private List<Listener> listeners() {
		return this.started.generation().listeners().open();
	}

	private List<Endpoint> endpoints() {
		List<Endpoint> endpoints = new ArrayList<>();
		this.started.generation().endpoints().forEach(endpoints::add);
		return endpoints;
	}

	/** Where the listener of this id listens. */
	private int port(String id) {
		return listeners().stream()
			.filter((listener) -> listener.key().value().endsWith("#" + id))
			.mapToInt(WebServerContract::port)
			.findFirst()
			.orElseThrow();
	}

	private static int port(Listener listener) {
		return ((InetSocketAddress) listener.address()).getPort();
	}

	private void assertAnswers(int port) throws IOException {
		this.started.generation().endpoints().open();
		try (HttpSocket client = new HttpSocket(port)) {
			assertThat(client.get("/none").status()).isEqualTo("404");
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

	/** What an application is written with. */
	enum Kind {

		SERVLET, REACTIVE

	}

	/** What is looked at while the application runs. */
	@FunctionalInterface
	interface Check {

		void accept(WebServer server) throws Exception;

	}

	private static final class TrustsAll implements X509TrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
