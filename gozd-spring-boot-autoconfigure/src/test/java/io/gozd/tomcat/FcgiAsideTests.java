package io.gozd.tomcat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.gozd.drain.Endpoint;
import io.gozd.fcgi.FcgiBytes;
import io.gozd.listener.FcgiSettings;
import jakarta.servlet.AsyncContext;
import org.jspecify.annotations.Nullable;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Threads of the application that read and write beside those of Tomcat, as long as they
 * like.
 */
final class FcgiAsideTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	private final CountDownLatch failed = new CountDownLatch(1);

	private final AtomicReference<Throwable> failure = new AtomicReference<>();

	private Path directory;

	private EmbeddedTomcat tomcat;

	private FcgiSocket client;

	private volatile @Nullable Thread aside;

	@AfterEach
	void stop() throws IOException {
		this.goOn.countDown();
		this.client.close();
		this.tomcat.close();
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void anAnswerDoesNotWaitForWhoReadsOn(boolean keep) throws Exception {
		serve(MINUTE);
		this.client.send(upload(keep, "/read?timeout=100"));
		assertThat(this.client.answer(1).status()).isEqualTo("500 Internal Server Error");
		assertThat(this.client.isClosedByServer()).isTrue();
		this.client.close();
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
		awaitEnd();
	}

	@Test
	void aWebServerThatDoesNotEndAfterSuchAnAnswerIsCutOff() throws Exception {
		serve(MINUTE);
		this.client.send(upload(false, "/read?timeout=100"));
		assertThat(this.client.answer(1).status()).isEqualTo("500 Internal Server Error");
		this.client.send(new FcgiBytes().record(FcgiBytes.STDIN, 1, new byte[3]));
		await().atMost(Duration.ofSeconds(15)).until(() -> this.tomcat.endpoints().openConnections() == 0);
		awaitEnd();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void whoHasReadTheBodyHasTimeToAnswer(boolean atOnce) throws Exception {
		serve(Duration.ofSeconds(3));
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/read-and-answer", "CONTENT_LENGTH", "10"));
		if (!atOnce) {
			awaitStuck();
		}
		this.client.send(new FcgiBytes().body(1, FcgiBytes.text("0123456789")));
		assertThat(this.client.isQuiet(Duration.ofSeconds(5))).isTrue();
		this.goOn.countDown();
		assertThat(this.client.answer(1).body()).isEqualTo("0123456789");
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void aBodyThatIsTooShortIsNotTakenForWhole() throws Exception {
		serve(MINUTE);
		this.client.send(upload(true, "/read-later"));
		assertThat(this.client.isQuiet()).isTrue();
		this.client.send(new FcgiBytes().record(FcgiBytes.STDIN, 1, new byte[0]));
		assertThat(this.client.isQuiet()).isTrue();
		this.goOn.countDown();
		assertThat(this.client.answer(1).status()).isEqualTo("400 Bad Request");
		assertThat(this.failure.get()).hasMessageContaining("7 bytes before CONTENT_LENGTH says");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void theEndOfTheConnectionIsToldToWhoHasReadTheBody(boolean atOnce) throws Exception {
		serve(MINUTE);
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/read-and-answer", "CONTENT_LENGTH", "10"));
		if (!atOnce) {
			awaitStuck();
		}
		this.client.send(new FcgiBytes().record(FcgiBytes.STDIN, 1, new byte[10]));
		assertThat(this.begun.await(10, TimeUnit.SECONDS)).as("the body has been read").isTrue();
		this.client.close();
		assertThat(this.failed.await(10, TimeUnit.SECONDS)).as("the application knows").isTrue();
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@Test
	void whoReadsOnIsNotInTheWayOfAnotherConnection() throws Exception {
		serve(MINUTE);
		this.client.send(upload(true, "/read?timeout=0"));
		awaitStuck();
		closeAll();
		for (boolean keep : new boolean[] { true, false }) {
			try (FcgiSocket other = this.tomcat.connectFcgi()) {
				other.send(FcgiSocket.request(1, keep, "POST", "/echo", FcgiBytes.text("body")));
				assertThat(other.answer(1).body()).isEqualTo("body");
				assertThat(keep ? other.isQuiet() : other.isClosedByServer()).isTrue();
			}
		}
	}

	@Test
	void whoFailsLaterDoesNotFailAnotherConnectionsRequest() throws Exception {
		serve(Duration.ofSeconds(2));
		this.client.send(upload(true, "/read?timeout=0"));
		awaitStuck();
		closeAll();
		try (FcgiSocket other = this.tomcat.connectFcgi()) {
			other.send(new FcgiBytes().begin(1, true)
				.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/echo", "CONTENT_LENGTH", "4"));
			awaitEnd();
			other.send(new FcgiBytes().body(1, FcgiBytes.text("body")));
			FcgiAnswer answer = other.answer(1);
			assertThat(answer.status()).isEqualTo("200 OK");
			assertThat(answer.body()).isEqualTo("body");
		}
	}

	@Test
	void aTimeoutThatComesLateTakesNothingFromTheConnection() throws Exception {
		serve(MINUTE);
		this.client.send(new FcgiBytes().begin(1, true)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", "/word", "CONTENT_LENGTH", "1000")
			.raw(1, FcgiBytes.STDIN, 0, 1, 0, 100, 0, 0));
		assertThat(this.client.answer(1).body()).isEqualTo("word");
		SocketWrapperBase<?> connection = this.tomcat.fcgiConnections().iterator().next();
		await().until(() -> connection.getCurrentProcessor() != null);
		FcgiProcessor processor = (FcgiProcessor) connection.getCurrentProcessor();
		processor.processSocketEvent(SocketEvent.TIMEOUT, true);
		// Whatever is executed after it has been executed, too.
		CountDownLatch executed = new CountDownLatch(1);
		connection.execute(executed::countDown);
		assertThat(executed.await(10, TimeUnit.SECONDS)).isTrue();
		await().during(Duration.ofMillis(200)).until(() -> connection.getCurrentProcessor() == processor);
		this.client.send(new byte[100]);
		assertThat(this.client.get("/word", true).body()).isEqualTo("word");
	}

	@Test
	void whoWritesOnIsNotInTheWayOfAnEnd() throws Exception {
		serve(MINUTE);
		this.client.send(FcgiSocket.request(1, true, "GET", "/write", new byte[0]));
		awaitStuck();
		closeAll();
		try (FcgiSocket other = this.tomcat.connectFcgi()) {
			assertThat(other.get("/word", true).body()).isEqualTo("word");
			assertThat(other.get("/word", true).body()).isEqualTo("word");
		}
	}

	private void closeAll() throws Exception {
		CompletableFuture.runAsync(() -> this.tomcat.endpoints().forEach(Endpoint::closeAll)).get(5, TimeUnit.SECONDS);
		assertThat(this.tomcat.endpoints().openConnections()).isZero();
	}

	/** Wait for the thread that waits for the web server. */
	private void awaitStuck() {
		await().until(() -> {
			Thread thread = this.aside;
			return thread != null && thread.getState() == Thread.State.TIMED_WAITING;
		});
	}

	private void awaitEnd() {
		await().until(() -> {
			Thread thread = this.aside;
			return thread != null && !thread.isAlive();
		});
	}

	/** A request with the beginning of its body. */
	private static FcgiBytes upload(boolean keep, String path) {
		return new FcgiBytes().begin(1, keep)
			.params(1, "REQUEST_METHOD", "POST", "REQUEST_URI", path, "CONTENT_LENGTH", "10")
			.record(FcgiBytes.STDIN, 1, new byte[3]);
	}

	private void serve(Duration readTimeout) throws Exception {
		this.directory = Files.createTempDirectory("gozd");
		this.tomcat = new EmbeddedTomcat(this.directory, List.of())
			.fcgi(UnixDomainSocketAddress.of(this.directory.resolve("fcgi.sock")),
					new FcgiSettings(MINUTE, readTimeout, MINUTE, 100_000, 100, 100, 100_000, false, false, false,
							false, false, Set.of()))
			.servlet("/word", FcgiServlets.of((request, response) -> response.getWriter().print("word")))
			.servlet("/echo", FcgiServlets.echo())
			.servlet("/read", FcgiServlets.of((request, response) -> {
				AsyncContext context = request.startAsync();
				context.setTimeout(Long.parseLong(request.getParameter("timeout")));
				InputStream input = request.getInputStream();
				aside(input::readAllBytes);
			}))
			.servlet("/read-and-answer", FcgiServlets.of((request, response) -> {
				AsyncContext context = request.startAsync();
				context.setTimeout(0);
				context.addListener(new FcgiServlets.OnError((thrown) -> this.failed.countDown()));
				InputStream input = request.getInputStream();
				OutputStream output = response.getOutputStream();
				aside(() -> {
					byte[] body = new byte[10];
					// The end itself is not read.
					input.readNBytes(body, 0, body.length);
					this.begun.countDown();
					this.goOn.await();
					output.write(body);
					context.complete();
				});
			}))
			.servlet("/read-later", FcgiServlets.of((request, response) -> {
				InputStream input = request.getInputStream();
				input.readNBytes(new byte[3], 0, 3);
				AsyncContext context = request.startAsync();
				context.setTimeout(0);
				aside(() -> {
					this.goOn.await();
					try {
						input.readAllBytes();
					}
					catch (IOException ex) {
						this.failure.set(ex);
					}
					context.complete();
				});
			}))
			.servlet("/write", FcgiServlets.of((request, response) -> {
				request.startAsync().setTimeout(0);
				OutputStream output = response.getOutputStream();
				aside(() -> {
					while (true) {
						output.write(new byte[10_000]);
					}
				});
			}))
			.serve();
		this.client = this.tomcat.connectFcgi();
	}

	private void aside(Work work) {
		Thread thread = new Thread(() -> {
			try {
				work.run();
			}
			catch (Exception ex) {
				// The request has ended, and perhaps been forgotten.
			}
		});
		thread.setDaemon(true);
		this.aside = thread;
		thread.start();
	}

	/** What a thread does. */
	@FunctionalInterface
	private interface Work {

		void run() throws Exception;

	}

}
