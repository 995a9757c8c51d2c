package io.gozd.tomcat;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.gozd.drain.Endpoint;
import io.gozd.fcgi.FcgiBytes;
import io.gozd.listener.FcgiSettings;
import jakarta.servlet.AsyncContext;
import org.apache.tomcat.util.net.NioEndpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a web server gets, whatever an application does.
 */
final class FcgiResponseTests {

	private static final FcgiSettings SETTINGS = new FcgiSettings(Duration.ofSeconds(15), Duration.ofSeconds(60),
			Duration.ofSeconds(75), 100_000, 100, 100, 2_000_000, false, false, false, false, true, Set.of());

	private static final Duration MOMENT = Duration.ofMillis(200);

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	private final CountDownLatch failed = new CountDownLatch(1);

	private final AtomicReference<Throwable> failure = new AtomicReference<>();

	private Path directory;

	private EmbeddedTomcat tomcat;

	private FcgiSocket client;

	@BeforeEach
	void serve() throws Exception {
		this.directory = Files.createTempDirectory("gozd");
		this.tomcat = new EmbeddedTomcat(this.directory, List.of())
			.fcgi(UnixDomainSocketAddress.of(this.directory.resolve("fcgi.sock")), SETTINGS)
			.servlet("/word", FcgiServlets.of((request, response) -> response.getWriter().print("word")))
			.servlet("/status", FcgiServlets.of((request, response) -> {
				response.setStatus(Integer.parseInt(request.getParameter("status")));
				response.setHeader("Location", "/there");
				response.setContentType("text/plain");
				if (request.getParameter("body") != null) {
					response.getOutputStream().print(request.getParameter("body"));
				}
			}))
			.servlet("/error", FcgiServlets.of((request, response) -> response.sendError(404, "not here")))
			.servlet("/thrown", FcgiServlets.of((request, response) -> {
				throw new IllegalStateException("thrown\nhere");
			}))
			.servlet("/committed", FcgiServlets.of((request, response) -> {
				response.getOutputStream().print("one");
				response.flushBuffer();
				throw new IllegalStateException("late");
			}))
			.servlet("/headers", FcgiServlets.of((request, response) -> {
				response.addHeader("X-A", "1");
				response.addHeader("X-A", "2");
				response.addHeader("Status", "500 No");
				response.addHeader("Transfer-Encoding", "chunked");
				response.addHeader("Connection", "close");
				response.addHeader("X-Accel-Buffering", "no");
			}))
			.servlet("/too-much", FcgiServlets.of((request, response) -> {
				response.setContentLength(3);
				response.getOutputStream().write("abcdef".getBytes(StandardCharsets.US_ASCII));
				response.flushBuffer();
			}))
			.servlet("/large", FcgiServlets.of((request, response) -> {
				byte[] bytes = new byte[3_000_000];
				new Random(1).nextBytes(bytes);
				response.getOutputStream().write(bytes);
			}))
			.servlet("/stream", Servlets.stream())
			.servlet("/session", FcgiServlets.session())
			.servlet("/parts", FcgiServlets.parts())
			.servlet("/echo", FcgiServlets.echo())
			.servlet("/non-blocking", FcgiServlets.nonBlocking())
			.servlet("/pump", FcgiServlets.pump(5_000_000))
			.servlet("/slow", Servlets.slow(this.begun, this.goOn))
			.servlet("/later", Servlets.asynchronous(this.begun, this.goOn))
			.servlet("/never", FcgiServlets.of((request, response) -> {
				AsyncContext context = request.startAsync();
				context.setTimeout(0);
				context.addListener(new FcgiServlets.OnError(this::failed));
				this.begun.countDown();
			}))
			.servlet("/listen", FcgiServlets.of((request, response) -> {
				AsyncContext context = request.startAsync();
				context.setTimeout(0);
				context.addListener(new FcgiServlets.OnError(this::failed));
				request.getInputStream()
					.setReadListener(new FcgiServlets.ToTheEnd(request.getInputStream(), this.begun::countDown));
			}))
			.servlet("/timeout", FcgiServlets.of((request, response) -> request.startAsync().setTimeout(100)))
			.servlet("/dispatch", FcgiServlets.of((request, response) -> request.startAsync().dispatch("/word")))
			.servlet("/read-later", FcgiServlets.of((request, response) -> {
				AsyncContext context = request.startAsync();
				new Thread(() -> {
					try {
						String hash = FcgiServlets.hash(request.getInputStream());
						response.getWriter().print(hash);
					}
					catch (Exception ex) {
						// Of the connection, or of a request that has been forgotten with
						// it.
						this.failure.set(ex);
					}
					try {
						context.complete();
					}
					catch (IllegalStateException ex) {
						// Tomcat has heard of the end too, and has completed it.
					}
				}).start();
			}))
			.serve();
		this.client = this.tomcat.connectFcgi();
	}

	@AfterEach
	void stop() throws IOException {
		this.goOn.countDown();
		this.client.close();
		this.tomcat.close();
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@ParameterizedTest
	@CsvSource({ "201, 201 Created", "302, 302 Found", "307, 307 Temporary Redirect", "200, 200 OK",
			"299, 299 Status 299" })
	void theStatusComesAfterAllHeaders(int status, String expected) throws IOException {
		FcgiAnswer answer = this.client.get("/status?body=x&status=" + status, true);
		assertThat(answer.head()).endsWith("Status: " + expected);
		assertThat(answer.headers("Location")).containsExactly("/there");
		assertThat(answer.headers("Content-Type")).singleElement().asString().startsWith("text/plain");
		assertThat(answer.body()).isEqualTo("x");
	}

	@ParameterizedTest
	@ValueSource(ints = { 204, 304, 205 })
	void someStatusHaveNoBody(int status) throws IOException {
		FcgiAnswer answer = this.client.get("/status?body=x&status=" + status, true);
		assertThat(answer.status()).startsWith(status + " ");
		assertThat(answer.body()).isEmpty();
		assertThat(answer.headers("Content-Length")).isEmpty();
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void headHasNoBody() throws IOException {
		FcgiAnswer answer = this.client.send(FcgiSocket.request(1, true, "HEAD", "/word", new byte[0])).answer(1);
		assertThat(answer.status()).isEqualTo("200 OK");
		assertThat(answer.body()).isEmpty();
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void errorsAreAnswered() throws IOException {
		assertThat(this.client.get("/error", true).status()).isEqualTo("404 Not Found");
		assertThat(this.client.get("/none", true).status()).isEqualTo("404 Not Found");
		FcgiAnswer thrown = this.client.get("/thrown", true);
		assertThat(thrown.status()).isEqualTo("500 Internal Server Error");
		assertThat(thrown.errors()).isEqualTo("java.lang.IllegalStateException: thrown here");
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void aResponseThatFailsInTheMiddleIsNotTakenForWhole() throws IOException {
		FcgiAnswer answer = this.client.get("/committed", true);
		assertThat(answer.body()).isEqualTo("one");
		assertThat(answer.end()).isEqualTo(-1);
	}

	@Test
	void headersOfTheConnectionAreTheWebServers() throws IOException {
		FcgiAnswer answer = this.client.get("/headers", true);
		assertThat(answer.headers("X-A")).containsExactly("1", "2");
		assertThat(answer.headers("X-Accel-Buffering")).containsExactly("no");
		assertThat(answer.status()).isEqualTo("200 OK");
		assertThat(answer.headers("Status")).hasSize(1);
		assertThat(answer.headers("Transfer-Encoding")).isEmpty();
		assertThat(answer.headers("Connection")).isEmpty();
	}

	@Test
	void aBodyIsNotLongerThanItSays() throws IOException {
		FcgiAnswer answer = this.client.get("/too-much", true);
		assertThat(answer.headers("Content-Length")).containsExactly("3");
		assertThat(answer.body()).isEqualTo("abc");
	}

	@Test
	void aLargeBodyIsInManyRecords() throws IOException {
		byte[] bytes = new byte[3_000_000];
		new Random(1).nextBytes(bytes);
		assertThat(this.client.get("/large", true).bytes()).isEqualTo(bytes);
	}

	@Test
	void aLargeBodyGoesUpAndDown() throws IOException {
		byte[] bytes = new byte[12_000_000];
		new Random(2).nextBytes(bytes);
		assertThat(this.client.send(FcgiSocket.request(1, true, "POST", "/echo", bytes)).answer(1).bytes())
			.isEqualTo(bytes);
	}

	@Test
	void whatIsFlushedIsSentAtOnce() throws IOException {
		assertThat(this.client.get("/stream", true).body()).isEqualTo("onetwo");
	}

	@Test
	void sessionsAreKept() throws IOException {
		FcgiAnswer first = this.client.get("/session", true);
		String cookie = first.headers("Set-Cookie").get(0).split(";")[0];
		assertThat(first.body()).isEqualTo("1");
		assertThat(this.client.send(FcgiSocket.request(1, true, "GET", "/session", new byte[0], "HTTP_COOKIE", cookie))
			.answer(1)
			.body()).isEqualTo("2");
	}

	@Test
	void formsWithFilesAreUnderstood() throws IOException {
		byte[] body = FcgiBytes.text("--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"n.txt\"\r\n\r\n"
				+ "x".repeat(100_000) + "\r\n--b--\r\n");
		FcgiAnswer answer = this.client
			.send(FcgiSocket.request(1, true, "POST", "/parts", body, "CONTENT_TYPE",
					"multipart/form-data; boundary=b"))
			.answer(1);
		assertThat(answer.body()).startsWith("f n.txt 100000 ");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 100, 40_000, 2_000_000 })
	void aBodyCanBeReadAndWrittenWithoutBlocking(int length) throws IOException {
		byte[] bytes = new byte[length];
		new Random(3).nextBytes(bytes);
		for (String contentLength : List.of(Integer.toString(length), "")) {
			assertThat(this.client
				.send(FcgiSocket.request(1, true, "POST", "/non-blocking", bytes, "CONTENT_LENGTH", contentLength))
				.answer(1)
				.bytes()).isEqualTo(bytes);
		}
	}

	@Test
	void aBodyThatComesInPiecesCanBeReadWithoutBlocking() throws IOException {
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/non-blocking", "CONTENT_LENGTH", "6"));
		assertThat(this.client.isQuiet()).isTrue();
		this.client.send(new FcgiBytes().record(FcgiBytes.STDIN, 1, FcgiBytes.text("abc"), 200));
		assertThat(this.client.isQuiet()).isTrue();
		this.client.send(new FcgiBytes().body(1, FcgiBytes.text("def")));
		assertThat(this.client.answer(1).body()).isEqualTo("abcdef");
	}

	@Test
	void aResponseWaitsForItsReaderWithoutAThread() throws IOException {
		assertThat(this.client.get("/pump", true).bytes()).hasSize(5_000_000);
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void aReplyDoesNotStopAResponseThatWaitsForItsReader() throws IOException {
		this.client.send(FcgiSocket.request(1, true, "GET", "/pump", new byte[0]));
		await().until(() -> wants(SelectionKey.OP_READ | SelectionKey.OP_WRITE));
		this.client.send(new FcgiBytes().record(FcgiBytes.GET_VALUES, 0, new byte[0]));
		await().until(() -> !wants(SelectionKey.OP_READ));
		await().during(MOMENT).until(() -> wants(SelectionKey.OP_WRITE));
		int length = 0;
		int replies = 0;
		FcgiSocket.Record record;
		while ((record = this.client.record()) != null && record.type() != FcgiBytes.END) {
			length += (record.type() == FcgiBytes.STDOUT) ? record.content().length : 0;
			replies += (record.type() == FcgiBytes.GET_VALUES + 1) ? 1 : 0;
		}
		assertThat(record).isNotNull();
		assertThat(length).isGreaterThan(5_000_000);
		assertThat(replies).isOne();
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	private boolean wants(int operation) {
		return this.tomcat.fcgiConnections()
			.stream()
			.anyMatch((connection) -> ((NioEndpoint.NioSocketWrapper) connection).interestOpsHas(operation));
	}

	@Test
	void aBodyCanBeReadInAThreadOfTheApplication() throws IOException {
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/read-later")
			.record(FcgiBytes.STDIN, 1, new byte[1000]));
		assertThat(this.client.isQuiet()).isTrue();
		this.client.send(new FcgiBytes().body(1, new byte[100_000]));
		assertThat(this.client.answer(1).body()).startsWith("101000 ");
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anAnswerMayComeLater(boolean keep) throws Exception {
		this.client.send(FcgiSocket.request(1, keep, "GET", "/later", new byte[0]));
		awaitBegun();
		assertThat(this.client.isQuiet()).isTrue();
		this.goOn.countDown();
		assertThat(this.client.answer(1).body()).isEqualTo("later");
		if (keep) {
			assertThat(this.client.get("/word", true).body()).isEqualTo("word");
		}
		else {
			assertThat(this.client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aRequestThatFollowsWaitsForTheAnswerThatComesLater() throws Exception {
		this.client.send(FcgiSocket.request(1, true, "GET", "/later", new byte[0]));
		this.client.send(FcgiSocket.request(1, true, "GET", "/word", new byte[0]));
		awaitBegun();
		assertThat(this.client.isQuiet()).isTrue();
		this.goOn.countDown();
		assertThat(this.client.answer(1).body()).isEqualTo("later");
		assertThat(this.client.answer(1).body()).isEqualTo("word");
	}

	@Test
	void anAnswerThatDoesNotComeIsAnError() throws IOException {
		assertThat(this.client.get("/timeout", true).status()).isEqualTo("500 Internal Server Error");
		assertThat(this.client.get("/dispatch", true).body()).isEqualTo("word");
	}

	@Test
	void theEndOfTheConnectionIsToldToAnApplicationThatAnswersLater() throws Exception {
		this.client.send(FcgiSocket.request(1, true, "GET", "/never", new byte[0]));
		awaitBegun();
		this.client.close();
		assertThat(this.failed.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.failure.get()).isInstanceOf(IOException.class);
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@ParameterizedTest
	@CsvSource({ "0, true", "0, false", "10, true", "10, false" })
	void theEndOfTheConnectionIsToldToAnApplicationThatHasListened(int length, boolean atOnce) throws Exception {
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/listen", "CONTENT_LENGTH", Integer.toString(length)));
		if (!atOnce) {
			assertThat(this.client.isQuiet()).isTrue();
		}
		this.client.send(new FcgiBytes().body(1, new byte[length]));
		awaitBegun();
		assertThat(this.client.isQuiet()).isTrue();
		this.client.close();
		assertThat(this.failed.await(10, TimeUnit.SECONDS)).isTrue();
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@Test
	void anAbortIsToldToAnApplicationThatAnswersLater() throws Exception {
		this.client.send(FcgiSocket.request(1, true, "GET", "/never", new byte[0]));
		awaitBegun();
		this.client.send(new FcgiBytes().record(FcgiBytes.ABORT, 1, new byte[0]));
		assertThat(this.client.answer(1).end()).isZero();
		assertThat(this.client.record()).isNotNull().satisfies((last) -> {
			assertThat(last.type()).isEqualTo(FcgiBytes.STDERR);
			assertThat(last.content()).isEmpty();
		});
		assertThat(this.client.isClosedByServer()).isTrue();
		assertThat(this.failed.await(10, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void theEndOfTheConnectionIsToldToWhoeverReads() throws Exception {
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/read-later")
			.record(FcgiBytes.STDIN, 1, new byte[1000]));
		this.client.close();
		await().until(() -> this.failure.get() != null);
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@Test
	void whileItDrainsNginxIsMadeToCloseTheConnection() throws Exception {
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
		this.tomcat.draining(true);
		for (int i = 0; i < 3; i++) {
			assertThat(this.client.get("/word", true).body()).isEqualTo("word");
			FcgiSocket.Record last = this.client.record();
			assertThat(last.type()).isEqualTo(FcgiBytes.STDERR);
			assertThat(last.id()).isOne();
			assertThat(last.content()).isEmpty();
			// Others go on, and are served.
			assertThat(this.client.isQuiet()).isTrue();
		}
		this.tomcat.draining(false);
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
		assertThat(this.client.isQuiet()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/later" })
	void aRequestThatRunsWhenTheDrainBeginsIsAnswered(String path) throws Exception {
		this.client.send(FcgiSocket.request(1, true, "GET", path, new byte[0]));
		awaitBegun();
		this.tomcat.draining(true);
		this.goOn.countDown();
		assertThat(this.client.answer(1).status()).isEqualTo("200 OK");
		assertThat(this.client.record().type()).isEqualTo(FcgiBytes.STDERR);
	}

	@Test
	void aConnectionThatIsNotKeptNeedsNoTrick() throws Exception {
		this.tomcat.draining(true);
		assertThat(this.client.get("/word", false).body()).isEqualTo("word");
		assertThat(this.client.isClosedByServer()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/later" })
	void idleConnectionsAreClosedAndRunningOnesAreNot(String path) throws Exception {
		try (FcgiSocket idle = this.tomcat.connectFcgi(); FcgiSocket asked = this.tomcat.connectFcgi()) {
			idle.get("/word", true);
			asked.send(new FcgiBytes().record(FcgiBytes.GET_VALUES, 0, new byte[0]));
			assertThat(asked.record().type()).isEqualTo(10);
			this.client.send(FcgiSocket.request(1, true, "GET", path, new byte[0]));
			awaitBegun();
			await().until(() -> {
				this.tomcat.endpoints().forEach(Endpoint::closeIdle);
				return this.tomcat.endpoints().openConnections() == 1;
			});
			assertThat(idle.isClosedByServer()).isTrue();
			assertThat(asked.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThat(this.client.answer(1).status()).isEqualTo("200 OK");
		}
	}

	@Test
	void everyConnectionCanBeClosed() throws Exception {
		this.client.send(FcgiSocket.request(1, true, "GET", "/slow", new byte[0]));
		awaitBegun();
		this.tomcat.endpoints().forEach(Endpoint::closeAll);
		assertThat(this.client.answer(1).end()).isEqualTo(-1);
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	private void awaitBegun() throws InterruptedException {
		assertThat(this.begun.await(10, TimeUnit.SECONDS)).as("the servlet runs").isTrue();
	}

	/** Note why a request will not be answered. */
	private void failed(Throwable thrown) {
		this.failure.set(thrown);
		this.failed.countDown();
	}

}
