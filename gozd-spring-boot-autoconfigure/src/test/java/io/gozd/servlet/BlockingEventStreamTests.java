package io.gozd.servlet;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.gozd.boot.BootLine;
import io.gozd.drain.EventStreams;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.WebServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What Tomcat makes of streams that are written by the threads of their requests.
 */
final class BlockingEventStreamTests {

	// Held, or the level is forgotten. Only what a test asserts counts.
	private static final Logger LOGGER = Logger.getLogger("org.apache");

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final EventStreams streams = new EventStreams(Duration.ofSeconds(1));

	private final HttpClient client = HttpClient.newHttpClient();

	private final AtomicInteger sent = new AtomicInteger();

	private WebServer server;

	@BeforeEach
	void serve() throws ReflectiveOperationException {
		LOGGER.setLevel(Level.OFF);
		this.server = BootLine.present().tomcat("/error", (context) -> {
			context.addFilter("streams", new EventStreamFilter(this.streams))
				.addMappingForUrlPatterns(null, false, "/*");
			context.addServlet("events", new Events()).addMapping("/events/*");
			context.addServlet("error", new Error()).addMapping("/error");
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop();
		this.server.destroy();
	}

	@ParameterizedTest
	@ValueSource(strings = { "as-is", "servlet", "runtime", "returns", "writer" })
	void theStreamEndsBetweenTwoEventsWithItsLastChunk(String reaction) {
		CompletableFuture<HttpResponse<String>> answer = get(reaction);
		await().atMost(LIMIT).until(() -> this.sent.get() > 2 || answer.isDone());
		await().atMost(LIMIT).until(() -> {
			this.streams.end();
			return answer.isDone();
		});
		// A client that misses the last chunk, or the rest of one, fails here.
		HttpResponse<String> response = answer.join();
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo(IntStream.rangeClosed(1, this.sent.get())
			.mapToObj((number) -> "data: " + number + "\n\n")
			.collect(Collectors.joining()));
	}

	@Test
	void anApplicationThatFailsOtherwiseIsCutOffByTomcat() {
		CompletableFuture<HttpResponse<String>> answer = get("fails");
		await().atMost(LIMIT).until(() -> {
			this.streams.end();
			return answer.isDone();
		});
		assertThat(answer).isCompletedExceptionally();
	}

	private CompletableFuture<HttpResponse<String>> get(String reaction) {
		URI address = URI.create("http://127.0.0.1:" + this.server.getPort() + "/events/" + reaction);
		return this.client.sendAsync(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
	}

	/** Sends events until the client seems to have gone. */
	private final class Events extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response)
				throws ServletException, IOException {
			String reaction = request.getPathInfo().substring(1);
			response.setContentType("text/event-stream");
			try {
				if (reaction.equals("writer")) {
					write(response.getWriter());
				}
				else {
					write(response);
				}
			}
			catch (IOException ex) {
				switch (reaction) {
					case "as-is" -> throw ex;
					case "servlet" -> throw new ServletException(ex);
					case "runtime" -> throw new UncheckedIOException(ex);
					case "fails" -> throw new IllegalStateException("Not because of the end");
					default -> response.flushBuffer();
				}
			}
		}

		private void write(HttpServletResponse response) throws IOException {
			while (true) {
				int number = BlockingEventStreamTests.this.sent.get() + 1;
				response.getOutputStream().print("data: ");
				response.getOutputStream().flush();
				response.getOutputStream().print(number + "\n");
				response.flushBuffer();
				response.getOutputStream().print("\n");
				response.flushBuffer();
				BlockingEventStreamTests.this.sent.set(number);
			}
		}

		private void write(PrintWriter writer) {
			for (int number = 1; true; number++) {
				writer.print("data: " + number);
				writer.flush();
				writer.print("\n\n");
				if (writer.checkError()) {
					return;
				}
				BlockingEventStreamTests.this.sent.set(number);
			}
		}

	}

	/** What must not be found in a stream. */
	private static final class Error extends HttpServlet {

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			response.getOutputStream().print("error");
		}

	}

}
