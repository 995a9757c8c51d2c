package io.gozd.reactive;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.gozd.drain.EventStreams;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

import org.springframework.core.ResolvableType;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.codec.ServerSentEventHttpMessageWriter;
import org.springframework.http.codec.json.Jackson2JsonEncoder;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;

import static org.assertj.core.api.Assertions.assertThat;

final class EventStreamWebFilterTests {

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private final EventStreams streams = new EventStreams(Duration.ofSeconds(1));

	private final MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));

	private final TestPublisher<Publisher<DataBuffer>> parts = TestPublisher.create();

	private final TestPublisher<DataBuffer> part = TestPublisher.create();

	@Test
	void aStreamWithoutAnEventEndsAtOnce() {
		StepVerifier.create(events(this.parts)).then(this.streams::end).expectComplete().verify(LIMIT);
		this.parts.assertCancelled();
		assertThat(body()).isEmpty();
		assertThat(this.exchange.getResponse().isCommitted()).isTrue();
	}

	@Test
	void aStreamThatWaitsForItsNextEventEndsAtOnce() {
		StepVerifier.create(events(this.parts))
			.then(() -> this.parts.next(buffers("data: 1\n\n")))
			.then(this.streams::end)
			.expectComplete()
			.verify(LIMIT);
		this.parts.assertCancelled();
		assertThat(body()).isEqualTo("data: 1\n\n");
	}

	@Test
	void anEventThatIsBeingWrittenBecomesWholeFirst() {
		StepVerifier.create(events(this.parts))
			.then(() -> this.parts.next(this.part))
			.then(() -> this.part.next(buffer("data: ")))
			.then(this.streams::end)
			.then(this.part::assertNotCancelled)
			.then(() -> this.part.next(buffer("1\n\n")))
			.then(this.streams::end)
			.then(this.part::assertNotCancelled)
			.then(this.part::complete)
			.expectComplete()
			.verify(LIMIT);
		this.parts.assertCancelled();
		assertThat(body()).isEqualTo("data: 1\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r\n", "\r" })
	void anEventIsNotTornWhereverTheApplicationSplitsIt(String lineEnd) {
		String event = "id: 1" + lineEnd + "data: 1" + lineEnd + lineEnd;
		for (int i = 1; i < event.length(); i++) {
			int split = i;
			MockServerWebExchange exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
			TestPublisher<Publisher<DataBuffer>> parts = TestPublisher.create();
			StepVerifier.create(events(exchange, parts))
				.then(() -> parts.next(buffers(event)))
				.then(() -> parts.next(buffers(event.substring(0, split))))
				.then(this.streams::end)
				.then(parts::assertNotCancelled)
				.then(() -> parts.next(buffers(event.substring(split))))
				.expectComplete()
				.verify(LIMIT);
			parts.assertCancelled();
			assertThat(exchange.getResponse().getBodyAsString().block()).isEqualTo(event + event);
		}
	}

	@RepeatedTest(100)
	void aStreamInFullFlowIsNotTorn() throws InterruptedException {
		CountDownLatch flows = new CountDownLatch(20);
		// Each event in three parts, as a proxy would pass them on.
		Flux<Publisher<DataBuffer>> parts = Flux.range(0, Integer.MAX_VALUE)
			.subscribeOn(Schedulers.parallel())
			.concatMap((number) -> Flux.just("data: " + number, "\n", "\n"))
			.doOnNext((text) -> flows.countDown())
			.map(EventStreamWebFilterTests::buffers);
		AtomicReference<String> body = new AtomicReference<>();
		this.exchange.getResponse()
			.setWriteHandler((buffers) -> buffers.map((buffer) -> buffer.toString(StandardCharsets.UTF_8))
				.collect(Collectors.joining())
				.doOnNext(body::set)
				.then());
		CountDownLatch ended = new CountDownLatch(1);
		events(parts).doFinally((signal) -> ended.countDown()).subscribe();
		assertThat(flows.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
		this.streams.end();
		assertThat(ended.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
		assertThat(body.get()).endsWith("\n\n");
		assertThat(body.get().split("\n\n")).allMatch((event) -> event.matches("data: \\d+"));
	}

	@Test
	void whatSpringEncodesEndsBetweenTwoEvents() {
		TestPublisher<Map<String, Object>> objects = TestPublisher.create();
		ServerSentEventHttpMessageWriter writer = new ServerSentEventHttpMessageWriter(new Jackson2JsonEncoder());
		Mono<Void> written = filter(this.exchange, (response) -> writer.write(objects,
				ResolvableType.forClass(Map.class), MediaType.TEXT_EVENT_STREAM, response, Map.of()));
		StepVerifier.create(written)
			.then(() -> objects.next(Map.of("a", 1), Map.of("a", 2)))
			.then(this.streams::end)
			.expectComplete()
			.verify(LIMIT);
		objects.assertCancelled();
		assertThat(body()).isEqualTo("data:{\"a\":1}\n\ndata:{\"a\":2}\n\n");
	}

	@Test
	void aStreamThatEndsByItselfIsWhole() {
		StepVerifier.create(events(Flux.just("data: 1\n\n", "data: 2\n\n").map(EventStreamWebFilterTests::buffers)))
			.expectComplete()
			.verify(LIMIT);
		this.streams.end();
		assertThat(body()).isEqualTo("data: 1\n\ndata: 2\n\n");
	}

	@Test
	void aStreamThatFailsSaysSo() {
		StepVerifier.create(events(Flux.error(new IllegalStateException("Out of beer"))))
			.expectErrorMessage("Out of beer")
			.verify(LIMIT);
	}

	@Test
	void aStreamWhoseClientHasGoneIsCancelled() {
		StepVerifier.create(events(this.parts)).thenCancel().verify(LIMIT);
		this.parts.assertCancelled();
		this.streams.end();
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/x-ndjson", "text/plain", "multipart/x-mixed-replace" })
	void otherTypesAreNotEnded(String type) {
		this.exchange.getResponse().getHeaders().set("Content-Type", type);
		StepVerifier.create(filter(this.exchange, (response) -> response.writeAndFlushWith(this.parts)))
			.then(() -> this.parts.next(buffers("{}\n\n")))
			.then(this.streams::end)
			.then(this.parts::assertNotCancelled)
			.then(() -> this.parts.next(buffers("{}\n")))
			.then(this.parts::complete)
			.expectComplete()
			.verify(LIMIT);
		assertThat(body()).isEqualTo("{}\n\n{}\n");
	}

	@Test
	void aResponseWithoutATypeIsNotEnded() {
		StepVerifier.create(filter(this.exchange, (response) -> response.writeAndFlushWith(this.parts)))
			.then(this.streams::end)
			.then(this.parts::complete)
			.expectComplete()
			.verify(LIMIT);
	}

	@Test
	void whatIsWrittenWithoutFlushesEndsByItself() {
		this.exchange.getResponse().getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
		StepVerifier.create(filter(this.exchange, (response) -> response.writeWith(this.part)))
			.then(() -> this.part.next(buffer("data: 1\n\n")))
			.then(this.streams::end)
			.then(() -> this.part.next(buffer("data: 2\n\n")))
			.then(this.part::complete)
			.expectComplete()
			.verify(LIMIT);
		assertThat(body()).isEqualTo("data: 1\n\ndata: 2\n\n");
	}

	@Test
	void aServerThatSendsFilesByItselfStillSees() {
		ServerWebExchange files = this.exchange.mutate().response(new ZeroCopyResponse()).build();
		AtomicBoolean seen = new AtomicBoolean();
		new EventStreamWebFilter(this.streams).filter(files, (exchange) -> {
			seen.set(exchange.getResponse() instanceof ZeroCopyHttpOutputMessage);
			return Mono.empty();
		}).block(LIMIT);
		assertThat(seen).isTrue();
	}

	@Test
	void aStreamOfSuchAServerEndsToo() {
		ServerHttpResponse response = new ZeroCopyResponse();
		response.getHeaders().set("Content-Type", "text/event-stream");
		ServerWebExchange files = this.exchange.mutate().response(response).build();
		StepVerifier.create(filter(files, (filtered) -> filtered.writeAndFlushWith(this.parts)))
			.then(this.streams::end)
			.expectComplete()
			.verify(LIMIT);
	}

	private Mono<Void> events(Publisher<Publisher<DataBuffer>> parts) {
		return events(this.exchange, parts);
	}

	private Mono<Void> events(MockServerWebExchange exchange, Publisher<Publisher<DataBuffer>> parts) {
		exchange.getResponse().getHeaders().set("Content-Type", "text/event-stream;charset=UTF-8");
		return filter(exchange, (response) -> response.writeAndFlushWith(parts));
	}

	private Mono<Void> filter(ServerWebExchange exchange, Function<ServerHttpResponse, Mono<Void>> application) {
		return new EventStreamWebFilter(this.streams).filter(exchange,
				(filtered) -> application.apply(filtered.getResponse()));
	}

	private String body() {
		return this.exchange.getResponse().getBodyAsString().block(LIMIT);
	}

	private static Publisher<DataBuffer> buffers(String text) {
		return Flux.defer(() -> Mono.just(buffer(text)));
	}

	private static DataBuffer buffer(String text) {
		return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	/** As Netty's and Undertow's. */
	private static final class ZeroCopyResponse extends MockServerHttpResponse implements ZeroCopyHttpOutputMessage {

		@Override
		public Mono<Void> writeWith(Path file, long position, long count) {
			return Mono.empty();
		}

	}

}
