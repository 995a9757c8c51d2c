package io.gozd.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.gozd.drain.EventStreams;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockAsyncContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
			this.streams.end();
			assertThat(request.isAsyncStarted()).as("with writer: " + writer).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r\n", "\r" })
	void anEventIsNotTornWhereverTheApplicationFlushesIt(String lineEnd) throws IOException {
		String event = "id: 1" + lineEnd + "data: zażółć" + lineEnd + lineEnd;
		for (boolean writer : new boolean[] { true, false }) {
			for (int split = 1; split < event.length(); split++) {
				MockHttpServletRequest request = new MockHttpServletRequest();
				MockHttpServletResponse container = new MockHttpServletResponse();
				EventStreamResponse response = new EventStreamResponse(request, container, this.streams);
				async(request);
				response.setContentType("text/event-stream;charset=UTF-8");
				for (String part : List.of(event, event.substring(0, split))) {
					write(response, writer, part);
					response.flushBuffer();
				}
				this.streams.end();
				assertThat(request.isAsyncStarted()).as("split at %s, with writer: %s", split, writer).isTrue();
				write(response, writer, event.substring(split));
				response.flushBuffer();
				this.streams.end();
				assertThat(request.isAsyncStarted()).as("split at %s, with writer: %s", split, writer).isFalse();
				assertThat(container.getContentAsString()).isEqualTo(event + event);
			}
		}
	}

	@Test
	void everyWayToWriteIsSeen() throws IOException {
		async(this.request);
		this.response.setContentType(EVENTS);
		ServletOutputStream output = this.response.getOutputStream();
		output.write('d');
		output.flush();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isTrue();
		output.write("\n\nata\n".getBytes(StandardCharsets.UTF_8), 2, 4);
		output.flush();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isTrue();
		output.write('\n');
		output.flush();
		this.streams.end();
		assertThat(this.request.isAsyncStarted()).isFalse();
		MockHttpServletRequest request = new MockHttpServletRequest();
		EventStreamResponse response = new EventStreamResponse(request, new MockHttpServletResponse(), this.streams);
		async(request);
		response.setContentType(EVENTS);
		PrintWriter writer = response.getWriter();
		writer.write("\n\ndata", 2, 4);
		writer.flush();
		this.streams.end();
		assertThat(request.isAsyncStarted()).isTrue();
		writer.write(new char[] { '\n', 'x' }, 0, 1);
		writer.flush();
		this.streams.end();
		assertThat(request.isAsyncStarted()).isTrue();
		writer.write('\n');
		writer.flush();
		this.streams.end();
		assertThat(request.isAsyncStarted()).isFalse();
	}

	@Test
	void aStreamSaysThatItHasEnded() throws IOException {
		async(this.request);
		this.response.setContentType(EVENTS);
		ServletOutputStream output = this.response.getOutputStream();
		output.print(":\n");
		output.flush();
		this.streams.end();
		assertThatIOException().isThrownBy(() -> output.write('y'));
		assertThatIOException().isThrownBy(output::flush);
		assertThatIOException().isThrownBy(this.response::flushBuffer);
		assertThat(this.container.getContentAsString()).isEqualTo(":\n");
	}

	@Test
	void aWriterSaysThatItHasEnded() throws IOException {
		async(this.request);
		this.response.setContentType(EVENTS);
		PrintWriter writer = this.response.getWriter();
		writer.write(":\n");
		writer.flush();
		assertThat(writer.checkError()).isFalse();
		this.streams.end();
		writer.write("y");
		assertThat(writer.checkError()).isTrue();
		assertThat(this.container.getContentAsString()).isEqualTo(":\n");
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
		MockHttpServletResponse container = new MockHttpServletResponse();
		EventStreamResponse other = new EventStreamResponse(this.request, container, this.streams);
		other.setContentType(type);
		assertThat(other.getOutputStream()).isSameAs(container.getOutputStream());
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

	@ParameterizedTest
	@MethodSource
	void anApplicationMayFailAsItLikesWhenItsStreamWasEnded(Exception wrapper) throws Exception {
		new EventStreamFilter(this.streams).doFilter(this.request, this.container, (request, response) -> {
			IOException end = writeUntilTheEnd(response);
			if (wrapper == null) {
				throw end;
			}
			wrapper.initCause(end);
			throwAsIs(wrapper);
		});
		assertThat(this.container.getContentAsString()).isEqualTo("data: 1\n\n");
		assertThat(this.container.isCommitted()).isTrue();
	}

	static Stream<Exception> anApplicationMayFailAsItLikesWhenItsStreamWasEnded() {
		return Stream.of(null, new IOException("no more"), new ServletException("no more"),
				new IllegalStateException("no more"));
	}

	@Test
	void whatElseGoesWrongIsToldToTheContainer() {
		EventStreamFilter filter = new EventStreamFilter(this.streams);
		assertThatIllegalStateException()
			.isThrownBy(() -> filter.doFilter(this.request, this.container, (request, response) -> {
				writeUntilTheEnd(response);
				throw new IllegalStateException("Out of beer");
			}))
			.withMessage("Out of beer");
		assertThatIOException().isThrownBy(() -> filter.doFilter(this.request, this.container, (request, response) -> {
			throw new IOException("Broken pipe");
		})).withMessage("Broken pipe");
	}

	@Test
	void theEndOfAnotherStreamIsAFailureToo() {
		EventStreamEndedException other = new EventStreamEndedException(
				new EventStream(this.request, this.container, this.streams));
		assertThatIOException().isThrownBy(() -> new EventStreamFilter(this.streams).doFilter(this.request,
				this.container, (request, response) -> {
					writeUntilTheEnd(response);
					throw other;
				}))
			.isSameAs(other);
	}

	@Test
	void whatADispatchWritesIsTheContainersOwn() throws IOException {
		this.response.chainEnded();
		this.response.setContentType(EVENTS);
		assertThat(this.response.getOutputStream()).isSameAs(this.container.getOutputStream());
	}

	@Test
	void aStreamThatBeginsBehindItsChainIsForgottenWithItsRequest() throws IOException {
		async(this.request);
		this.response.chainEnded();
		this.response.setContentType(EVENTS);
		this.response.getOutputStream();
		assertThat(((MockAsyncContext) this.request.getAsyncContext()).getListeners()).hasSize(1);
	}

	private IOException writeUntilTheEnd(ServletResponse response) throws IOException {
		response.setContentType(EVENTS);
		response.getOutputStream().print("data: 1\n\n");
		response.getOutputStream().flush();
		this.streams.end();
		try {
			response.getOutputStream().print("data: 2\n\n");
		}
		catch (IOException ex) {
			return ex;
		}
		throw new AssertionError("It goes on");
	}

	private static void throwAsIs(Exception exception) throws IOException, ServletException {
		if (exception instanceof IOException io) {
			throw io;
		}
		if (exception instanceof ServletException servlet) {
			throw servlet;
		}
		throw (RuntimeException) exception;
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
