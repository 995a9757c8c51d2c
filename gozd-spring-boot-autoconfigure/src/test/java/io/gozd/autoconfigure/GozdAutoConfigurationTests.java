package io.gozd.autoconfigure;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Arrays;

import io.gozd.boot.BootLine;
import io.gozd.boot.NettyWebServer;
import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.drain.Endpoint;
import io.gozd.drain.EventStreams;
import io.gozd.servlet.EventStreamFilter;
import io.gozd.tomcat.HandoverProtocol;
import io.gozd.tomcat.TomcatConnectors;
import io.gozd.tomcat.TomcatWebSockets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;

final class GozdAutoConfigurationTests {

	private static final BootLine LINE = BootLine.present();

	@RegisterExtension
	private final StartedGeneration started = new StartedGeneration();

	private final ApplicationContextRunner withoutGeneration = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class));

	@Test
	void withoutAGenerationThereIsNothing() {
		this.withoutGeneration.run((context) -> assertThat(Arrays.asList(context.getBeanDefinitionNames()))
			.noneMatch((name) -> name.contains("gozd")));
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class))
			.run((context) -> assertThat(context).doesNotHaveBean(EventStreams.class)
				.doesNotHaveBean(TomcatConnectors.class)
				.doesNotHaveBean(GozdLifecycle.class)
				.doesNotHaveBean(GozdProperties.class));
	}

	@Test
	void aChildContextIsNoDaemonOfItsOwn() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext()) {
			parent.registerBean(Generation.class, this.started::generation);
			parent.refresh();
			this.withoutGeneration.withParent(parent)
				.run((context) -> assertThat(context).doesNotHaveBean(GozdLifecycle.class));
		}
	}

	@Test
	void anApplicationWithoutAServerOnlyEndsInOrder() {
		this.withoutGeneration.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.run((context) -> assertThat(context).hasSingleBean(GozdLifecycle.class)
				.doesNotHaveBean(EventStreams.class)
				.doesNotHaveBean(TomcatWebSockets.class));
	}

	@Test
	void anApplicationWithoutTomcatOrServletsStarts() {
		this.withoutGeneration.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.withClassLoader(new FilteredClassLoader("org.apache.catalina", "org.apache.tomcat", "jakarta.servlet",
					"org.springframework.boot.web.servlet", LINE.packageOfTomcat(), LINE.packageOfEvents()))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(GozdLifecycle.class)
				.doesNotHaveBean("gozdOtherServers")
				.doesNotHaveBean(TomcatConnectors.class));
	}

	@Test
	void theLifecycleStopsBeforeTheServersAndAfterTheApplications() {
		this.withoutGeneration.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.run((context) -> assertThat(context.getBean(GozdLifecycle.class).getPhase())
				.isLessThan(SmartLifecycle.DEFAULT_PHASE)
				.isGreaterThan(LINE.phaseOfGracefulShutdown()));
	}

	@Test
	void aServerListensWhereItsListenerCanBeHandedOver() {
		server().run((context) -> {
			WebServer server = BootLine.server(context.getSourceApplicationContext());
			assertThat(BootLine.tomcat(server).getConnector().getProtocolHandler())
				.isInstanceOf(HandoverProtocol.class);
			assertThat(this.started.generation().listeners().open()).singleElement()
				.satisfies((listener) -> assertThat(listener.address().toString()).endsWith(":" + server.getPort()))
				.satisfies((listener) -> assertThat(listener.key()).hasToString("tcp:*:0#server"));
			assertThat(this.started.application().obstacle()).isEmpty();
			assertThat(status(server.getPort())).isEqualTo(404);
		});
	}

	@Test
	void aServerThatHasBoundItsPortItselfIsNoticed() {
		server().run((context) -> {
			ApplicationContext running = context.getSourceApplicationContext();
			running.publishEvent(LINE.initialized(new NettyWebServer(1), running));
			assertThat(this.started.application().obstacle()).contains("Reactor Netty");
		});
	}

	@Test
	void aServerThatStopsHasNoListener() {
		server().run((context) -> context.getSourceApplicationContext().close());
		assertThat(this.started.generation().listeners().open()).isEmpty();
		this.started.generation().endpoints().forEach((Endpoint endpoint) -> {
			throw new AssertionError(endpoint.name() + " is still there");
		});
	}

	@Test
	void whatHasNoEndOfItsOwnIsGivenTheTimeThatWasConfigured() {
		server().withPropertyValues("gozd.drain.sse-timeout=7s", "gozd.drain.websocket-timeout=8s").run((context) -> {
			assertThat(context.getBean(EventStreams.class).patience()).hasSeconds(7);
			assertThat(context.getBean(TomcatWebSockets.class).patience()).hasSeconds(8);
			FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
			assertThat(filter.getFilter()).isInstanceOf(EventStreamFilter.class);
			assertThat(filter.isAsyncSupported()).isTrue();
			assertThat(filter.getOrder()).isLessThan(Ordered.LOWEST_PRECEDENCE);
		});
	}

	private WebApplicationContextRunner server() {
		return new WebApplicationContextRunner(LINE.servletContexts())
			.withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class))
			.withConfiguration(LINE.servletServer())
			.withPropertyValues("server.port=0")
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application);
	}

	private static int status(int port) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/none")
			.toURL()
			.openConnection();
		connection.setConnectTimeout(10_000);
		connection.setReadTimeout(10_000);
		try {
			return connection.getResponseCode();
		}
		finally {
			connection.disconnect();
		}
	}

}
