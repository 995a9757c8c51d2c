package io.gozd.servlet;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import io.gozd.drain.EventStreams;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;

import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Streams as Spring MVC writes them: an event in several parts, with a flush behind each.
 */
final class SpringEventStreamTests {

	private final EventStreams streams = new EventStreams(Duration.ofSeconds(1));

	private final Events events = new Events(this.streams);

	private final MockMvc application = MockMvcBuilders.standaloneSetup(this.events)
		.addFilters(new EventStreamFilter(this.streams))
		.build();

	@Test
	void aDrainThatAsksWhileAnObjectIsConvertedWaitsForTheWholeEvent() throws Exception {
		MvcResult stream = get("/emitter");
		this.events.emitter.send(new EndsStreamsWhenRead(this.streams));
		assertThat(stream.getResponse().getContentAsString()).isEqualTo("data:{\"value\":1}\n\n");
		assertThat(stream.getRequest().isAsyncStarted()).isTrue();
		this.streams.end();
		assertThat(stream.getRequest().isAsyncStarted()).isFalse();
		assertThatException().isThrownBy(() -> this.events.emitter.send("late"));
		assertThat(stream.getResponse().getContentAsString()).isEqualTo("data:{\"value\":1}\n\n");
	}

	@Test
	void theEventsThatWereSentBeforeTheResponseBeganArriveWhole() throws Exception {
		this.events.emitter.send(SseEmitter.event().id("1").name("first").comment("x").data(Map.of("a", 1)).data("b"));
		this.events.emitter.send(new EndsStreamsWhenRead(this.streams));
		MvcResult stream = get("/emitter");
		assertThat(stream.getResponse().getContentAsString())
			.isEqualTo("id:1\nevent:first\n:x\ndata:{\"a\":1}\ndata:b\n\ndata:{\"value\":1}\n\n");
		this.streams.end();
		assertThat(stream.getRequest().isAsyncStarted()).isFalse();
	}

	@Test
	void anEventOfABusyStreamIsSentOrNotAndNeverHalf() throws Exception {
		MvcResult stream = get("/emitter");
		this.events.emitter.send(new EndsStreamsWhenRead(this.streams));
		assertThatException().isThrownBy(() -> this.events.emitter.send("late"));
		assertThat(stream.getResponse().getContentAsString()).isEqualTo("data:{\"value\":1}\n\n");
		assertThat(stream.getRequest().isAsyncStarted()).isFalse();
	}

	@Test
	void aMethodThatWritesTheResponseItselfIsUnwound() throws Exception {
		MvcResult stream = get("/blocking");
		assertThat(this.events.failure).hasRootCauseInstanceOf(EventStreamEndedException.class);
		assertThat(stream.getResponse().getStatus()).isEqualTo(200);
		assertThat(stream.getResponse().getContentAsString()).isEqualTo("data: 1\n\n");
	}

	@Test
	void aMethodThatDidNotWriteYetIsNotAnErrorEither() throws Exception {
		MvcResult stream = get("/blocked");
		assertThat(this.events.failure).isNotNull();
		assertThat(stream.getResponse().getStatus()).isEqualTo(200);
		assertThat(stream.getResponse().isCommitted()).isTrue();
		assertThat(stream.getResponse().getContentAsByteArray()).isEmpty();
	}

	private MvcResult get(String path) throws Exception {
		return this.application.perform(MockMvcRequestBuilders.get(path)).andReturn();
	}

	/** The drain asks when the value is converted. */
	static final class EndsStreamsWhenRead {

		private final EventStreams streams;

		EndsStreamsWhenRead(EventStreams streams) {
			this.streams = streams;
		}

		public int getValue() {
			this.streams.end();
			return 1;
		}

	}

	/** An application. */
	@RestController
	static final class Events {

		private final SseEmitter emitter = new SseEmitter(0L);

		private final EventStreams streams;

		private Exception failure;

		Events(EventStreams streams) {
			this.streams = streams;
		}

		@GetMapping("/emitter")
		SseEmitter emitter() {
			return this.emitter;
		}

		@GetMapping("/blocking")
		void blocking(HttpServletResponse response) throws IOException {
			response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
			response.getOutputStream().print("data: 1\n\n");
			response.getOutputStream().flush();
			this.streams.end();
			response.getOutputStream().print("data: 2\n\n");
		}

		@GetMapping("/blocked")
		void blocked(HttpServletResponse response) throws IOException {
			response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
			response.getOutputStream();
			this.streams.end();
			response.getOutputStream().print("data: 1\n\n");
		}

		@ExceptionHandler
		void failed(Exception failure, HttpServletResponse response) throws Exception {
			this.failure = failure;
			if (!response.isCommitted()) {
				response.sendError(500);
			}
			throw failure;
		}

	}

}
