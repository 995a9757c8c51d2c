package io.gozd.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Stream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class EventStreamResponseTests {

	private static final String EVENTS = "text/event-stream";

	private final EventStreams streams = new EventStreams(Duration.ofSeconds(1));

	private final MockHttpServletRequest request = new MockHttpServletRequest();

	private final MockHttpServletResponse container = new MockHttpServletResponse();

	private final EventStreamResponse response = new EventStreamResponse(this.request, this.container, this.streams);

	@ParameterizedTest
	@MethodSource
	void textArrivesAsItWouldWithoutTheWrapper(String type, Application application) throws IOException {
		MockHttpServletResponse plain = new MockHttpServletResponse();
		plain.setContentType(type);
		application.write(plain);
		this.response.setContentType(type);
		application.write(this.response);
		this.response.chainEnded();
		assertThat(plain.getContentAsByteArray()).isNotEmpty();
		assertThat(this.container.getContentAsByteArray()).isEqualTo(plain.getContentAsByteArray());
		assertThat(this.container.getHeaderNames()).isEqualTo(plain.getHeaderNames());
		assertThat(this.container.isCommitted()).isEqualTo(plain.isCommitted());
	}

	static Stream<Object[]> textArrivesAsItWouldWithoutTheWrapper() {
		return Stream
			.of("text/event-stream", "text/event-stream;charset=UTF-8", "text/event-stream; charset=UTF-16",
					"text/event-stream;charset=ISO-8859-2", "text/html;charset=UTF-8", "application/json")
			.flatMap((type) -> applications().map((application) -> new Object[] { type, application }));
	}

	private static Stream<Application> applications() {
		return Stream.of((response) -> {
			PrintWriter writer = response.getWriter();
			writer.write("data: zażółć ");
			writer.write('\u0142');
			writer.write("xx\uD83D\uDE00yy", 2, 2);
			writer.write(new char[] { 'g', 'ę', 'ś' });
			writer.append("jaźń").append('!').append("..12..", 2, 4);
			writer.print(17);
			writer.printf(Locale.ROOT, "%s %.1f", "a", 1.5);
			writer.println();
			writer.println("end");
			writer.flush();
			assertThat(writer.checkError()).isFalse();
		}, (response) -> {
			ServletOutputStream stream = response.getOutputStream();
			stream.write("data: zażółć".getBytes(StandardCharsets.UTF_8));
			stream.write(0xFF);
			stream.write(new byte[] { 1, 2, 3, 4 }, 1, 2);
			stream.print("plain");
			stream.println(42);
			response.flushBuffer();
		}, (response) -> {
			response.getWriter().write("data: closed\n\n");
			response.getWriter().close();
		}, (response) -> {
			response.getOutputStream().write('x');
			response.getOutputStream().close();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/event-stream", "text/event-stream;charset=UTF-8" })
	void anEventStreamEndsAtAFlushWhateverItIsWrittenThrough(String type) throws IOException {
		for (boolean writer : new boolean[] { true, false }) {
			MockHttpServletRequest request = new MockHttpServletRequest();
			EventStreamResponse response = new EventStreamResponse(request, new MockHttpServletResponse(),
					this.streams);
			async(request);
			response.setContentType(type);
			write(response, writer, "data: 1");
			this.streams.end();
			assertThat(request.isAsyncStarted()).as("with writer: " + writer).isTrue();
			write(response, writer, "\n\n");
			response.flushBuffer();
			assertThat(request.isAsyncStarted()).as("with writer: " + writer).isFalse();
		}
	}

	@Test
	void aStreamSaysThatItHasEnded() throws IOException {
		async(this.request);
		this.response.setContentType(EVENTS);
		ServletOutputStream output = this.response.getOutputStream();
		output.write('x');
		output.flush();
		this.streams.end();
		assertThatIOException().isThrownBy(() -> output.write('y'));
		assertThatIOException().isThrownBy(output::flush);
		assertThatIOException().isThrownBy(this.response::flushBuffer);
		assertThat(this.container.getContentAsString()).isEqualTo("x");
	}

	@Test
	void aWriterSaysThatItHasEnded() throws IOException {
		async(this.request);
		this.response.setContentType(EVENTS);
		PrintWriter writer = this.response.getWriter();
		writer.write("x");
		writer.flush();
		assertThat(writer.checkError()).isFalse();
		this.streams.end();
		writer.write("y");
		assertThat(writer.checkError()).isTrue();
		assertThat(this.container.getContentAsString()).isEqualTo("x");
	}

	@Test
	void aWriterSaysThatItsClientHasGone() throws IOException {
		EventStreamResponse response = new EventStreamResponse(this.request, new ClientGone(), this.streams);
		response.setContentType(EVENTS);
		PrintWriter writer = response.getWriter();
		writer.write("data: 1\n\n");
		assertThat(writer.checkError()).as("how an application notices that nobody reads").isTrue();
	}

	@Test
	void theSameWriterAndTheSameStreamAreGivenAgain() throws IOException {
		this.response.setContentType(EVENTS);
		assertThat(this.response.getWriter()).isSameAs(this.response.getWriter());
		EventStreamResponse other = new EventStreamResponse(this.request, new MockHttpServletResponse(), this.streams);
		other.setContentType(EVENTS);
		assertThat(other.getOutputStream()).isSameAs(other.getOutputStream());
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/json", "application/x-ndjson", "multipart/x-mixed-replace" })
	void otherTypesAreTheContainersOwn(String type) throws IOException {
		async(this.request);
		this.response.setContentType(type);
		assertThat(this.response.getWriter()).isSameAs(this.container.getWriter());
		assertThat(this.response.getOutputStream()).isSameAs(this.container.getOutputStream());
		this.response.flushBuffer();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("whether the application goes on").isTrue();
	}

	@Test
	void aResponseWithoutATypeIsTheContainersOwn() throws IOException {
		assertThat(this.response.getOutputStream()).isSameAs(this.container.getOutputStream());
	}

	@Test
	void anEventStreamThatIsClosedByTheApplicationIsLeftAlone() throws IOException {
		async(this.request);
		this.response.setContentType(EVENTS);
		this.response.getWriter().write("data: 1\n\n");
		this.response.getWriter().close();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isTrue();
	}

	@Test
	void whatIsNotAsynchronousIsForgottenBehindTheFilter() throws Exception {
		new EventStreamFilter(this.streams).doFilter(this.request, this.container, (request, response) -> {
			response.setContentType(EVENTS);
			response.getWriter().write("data: 1\n\n");
			response.getWriter().flush();
		});
		async(this.request);
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).as("a later use of the same request object").isTrue();
	}

	@Test
	void whatIsAsynchronousIsEndedBehindTheFilter() throws Exception {
		new EventStreamFilter(this.streams).doFilter(this.request, this.container, (request, response) -> {
			response.setContentType(EVENTS);
			response.getWriter().write("data: 1\n\n");
			response.getWriter().flush();
			async(this.request);
		});
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isFalse();
		assertThat(this.container.getContentAsString()).isEqualTo("data: 1\n\n");
	}

	private static void async(MockHttpServletRequest request) {
		request.setAsyncSupported(true);
		request.startAsync();
	}

	private static void write(HttpServletResponse response, boolean writer, String text) throws IOException {
		if (writer) {
			response.getWriter().write(text);
		}
		else {
			response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
		}
	}

	/** What an application does to answer. */
	@FunctionalInterface
	interface Application {

		void write(HttpServletResponse response) throws IOException;

	}

	/** Its writer fails as a container's does: silently. */
	private static final class ClientGone extends MockHttpServletResponse {

		private final PrintWriter writer = new PrintWriter(new Writer() {

			@Override
			public void write(char[] text, int offset, int length) throws IOException {
				throw new IOException("Broken pipe");
			}

			@Override
			public void flush() throws IOException {
				throw new IOException("Broken pipe");
			}

			@Override
			public void close() {
			}

		});

		@Override
		public PrintWriter getWriter() {
			return this.writer;
		}

	}

}
