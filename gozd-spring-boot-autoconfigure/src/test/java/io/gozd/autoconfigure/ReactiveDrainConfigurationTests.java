package io.gozd.autoconfigure;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

import io.gozd.boot.BootLine;
import io.gozd.daemon.Application;
import io.gozd.daemon.Generation;
import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.EventStreams;
import io.gozd.reactive.EventStreamWebFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

final class ReactiveDrainConfigurationTests {

	private static final BootLine LINE = BootLine.present();

	@RegisterExtension
	private final StartedGeneration started = new StartedGeneration();

	@Test
	void onlyAReactiveApplicationHasTheFilter() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class))
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("gozdReactiveEventStreams")
				.doesNotHaveBean(EventStreamWebFilter.class)
				.hasBean("gozdEventStreams"));
		new ReactiveWebApplicationContextRunner().withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class))
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.withPropertyValues("gozd.drain.sse-timeout=7s")
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean("gozdEventStreams")
					.hasSingleBean(EventStreams.class);
				assertThat(context.getBean(EventStreams.class).patience()).hasSeconds(7);
			});
	}

	@Test
	void anApplicationWithoutReactorStarts() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class))
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.withClassLoader(new FilteredClassLoader("reactor", "org.reactivestreams", "org.springframework.web.server",
					"org.springframework.web.reactive"))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(EventStreams.class));
	}

	@Test
	@Timeout(60)
	void aDrainEndsTheStreamsOfWebFluxOnTomcat() {
		Sinks.Many<ServerSentEvent<String>> events = Sinks.many().replay().all();
		events.tryEmitNext(ServerSentEvent.builder("1").build());
		server(events.asFlux()).run((context) -> {
			assertThat(context.getBeanProvider(WebFilter.class).orderedStream().findFirst()).get()
				.isInstanceOf(EventStreamWebFilter.class);
			int port = BootLine.server(context.getSourceApplicationContext()).getPort();
			InputStream body = get(port);
			String event = "data:1\n\n";
			assertThat(new String(body.readNBytes(event.length()), StandardCharsets.UTF_8)).isEqualTo(event);
			Drain drain = new Drain(this.started.generation().endpoints(), DrainCause.HANDOVER, List.of(),
					Duration.ofSeconds(20), (ended, report) -> {
					});
			drain.start();
			try {
				// Fails unless there is a last chunk.
				assertThat(body.readAllBytes()).isEmpty();
				assertThat(events.currentSubscriberCount()).as("who listens still").isZero();
			}
			finally {
				drain.endNow();
			}
		});
	}

	private ReactiveWebApplicationContextRunner server(Flux<ServerSentEvent<String>> events) {
		return new ReactiveWebApplicationContextRunner(LINE.reactiveContexts())
			.withConfiguration(AutoConfigurations.of(GozdAutoConfiguration.class))
			.withConfiguration(LINE.reactiveServer())
			.withPropertyValues("server.port=0", "gozd.drain.sse-timeout=0s")
			.withBean(Generation.class, this.started::generation)
			.withBean(Application.class, this.started::application)
			.withBean(RouterFunction.class,
					() -> RouterFunctions.route()
						.GET("/events",
								(request) -> ServerResponse.ok()
									.contentType(MediaType.TEXT_EVENT_STREAM)
									.body(BodyInserters.fromServerSentEvents(events)))
						.build());
	}

	private static InputStream get(int port) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/events"))
			.timeout(Duration.ofSeconds(20))
			.build();
		HttpResponse<InputStream> response = HttpClient.newHttpClient()
			.send(request, HttpResponse.BodyHandlers.ofInputStream());
		assertThat(response.statusCode()).isEqualTo(200);
		return response.body();
	}

}
