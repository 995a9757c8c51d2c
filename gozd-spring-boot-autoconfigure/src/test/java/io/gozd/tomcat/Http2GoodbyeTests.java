package io.gozd.tomcat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.gozd.jetty.Http2Socket;
import io.gozd.jetty.Http2Socket.Frame;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class Http2GoodbyeTests {

	private static final int LARGE = 1_000_000;

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	@TempDir
	private Path directory;

	private final Http2Protocol http2 = new Http2Protocol();

	private EmbeddedTomcat tomcat;

	@AfterEach
	void close() {
		this.goOn.countDown();
		this.tomcat.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aConnectionThatIsIdleIsToldTwiceBeforeItEnds(boolean asynchronous) throws Exception {
		serve(asynchronous);
		try (Http2Socket client = Http2Socket.open(this.tomcat.port())) {
			client.get(1, "/");
			assertThat(client.body(1)).isEqualTo("word");
			remindUntil(() -> {
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
				client.get(3, "/");
				assertThat(client.body(3)).as("on its way when the server told").isEqualTo("word");
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(3);
				assertThat(client.isClosedByServer()).isTrue();
				assertThat(this.tomcat.endpoints().openConnections()).as("the client has not closed").isOne();
			});
		}
		// Nobody reminds: it is told once more.
		await().until(() -> {
			this.tomcat.endpoint().remind();
			return this.tomcat.endpoints().openConnections() == 0;
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aStreamThatRunsIsAnsweredBeforeTheEnd(boolean asynchronous) throws Exception {
		serve(asynchronous);
		try (Http2Socket client = Http2Socket.open(this.tomcat.port())) {
			client.get(1, "/slow");
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
			remindUntil(() -> {
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
				this.goOn.countDown();
				assertThat(client.body(1)).isEqualTo("slow");
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(1);
				assertThat(client.isClosedByServer()).isTrue();
			});
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aSlowReaderGetsTheLastByte(boolean asynchronous) throws Exception {
		serve(asynchronous);
		try (Http2Socket client = Http2Socket.slow(this.tomcat.port())) {
			readSlowly(client);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aSlowReaderGetsTheLastByteThroughTls(boolean asynchronous) throws Exception {
		TestKey key = new TestKey(this.directory);
		this.tomcat = new EmbeddedTomcat(this.directory, List.of());
		key.serve(this.tomcat.connector());
		serve(asynchronous);
		try (Http2Socket client = Http2Socket.slow(this.tomcat.port(), key.trusted())) {
			readSlowly(client);
		}
	}

	@Test
	void whatIsHalfEndedWhenADrainIsCancelledEndsByTime() throws Exception {
		this.http2.setKeepAliveTimeout(-1);
		serve(true);
		try (Http2Socket client = Http2Socket.open(this.tomcat.port())) {
			remindUntil(() -> {
				client.next(Http2Socket.GOAWAY);
				client.next(Http2Socket.GOAWAY);
				assertThat(client.isClosedByServer()).isTrue();
			});
			this.tomcat.draining(false);
			await().atMost(20, TimeUnit.SECONDS).until(() -> this.tomcat.endpoints().openConnections() == 0);
		}
	}

	@Test
	void inAHurryOnlyConnectionsWithoutStreamsEnd() throws Exception {
		serve(true);
		try (Http2Socket idle = Http2Socket.open(this.tomcat.port());
				Http2Socket running = Http2Socket.open(this.tomcat.port())) {
			running.get(1, "/slow");
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
			await().until(() -> {
				this.tomcat.endpoint().closeIdle();
				return this.tomcat.endpoints().openConnections() == 1;
			});
			assertThat(idle.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(idle.next(Http2Socket.GOAWAY).lastStream()).isZero();
			assertThat(idle.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThat(running.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(running.body(1)).isEqualTo("slow");
		}
	}

	private void serve(boolean asynchronous) throws Exception {
		if (this.tomcat == null) {
			this.tomcat = new EmbeddedTomcat(this.directory, List.of());
		}
		// Tomcat reads and writes HTTP/2 in another way with it.
		this.tomcat.connector().setProperty("useAsyncIO", Boolean.toString(asynchronous));
		this.tomcat.connector().addUpgradeProtocol(this.http2);
		this.tomcat.servlet("/", Servlets.word("word"))
			.servlet("/large", Servlets.answer((request) -> "x".repeat(LARGE)))
			.servlet("/slow", Servlets.slow(this.begun, this.goOn))
			.serve();
	}

	private void readSlowly(Http2Socket client) throws Exception {
		// Tomcat's own is of no account where it does not see what the peer says.
		this.http2.setKeepAliveTimeout(1000);
		client.get(1, "/large");
		remindUntil(() -> {
			int length = 0;
			Frame frame;
			do {
				frame = client.read();
				if (frame.type() == Http2Socket.DATA) {
					length += frame.payload().length;
					// A peer that reads says so, whatever the server has closed.
					client.frame(Http2Socket.PING, 0, 0, new byte[8]);
					// Longer than all that is said takes.
					Thread.sleep(30);
				}
			}
			while (frame.type() != Http2Socket.DATA || (frame.flags() & Http2Socket.END_STREAM) == 0);
			assertThat(length).isEqualTo(LARGE);
			// The first one comes behind it where the writer of the response keeps the
			// line.
			do {
				frame = client.next(Http2Socket.GOAWAY);
			}
			while (frame.lastStream() == Integer.MAX_VALUE);
			assertThat(frame.lastStream()).isEqualTo(1);
			assertThat(client.isClosedByServer()).as("the end, that of TLS too").isTrue();
		});
	}

	/** As a drain does, in a thread beside. */
	private void remindUntil(Conversation conversation) throws Exception {
		this.tomcat.draining(true);
		CountDownLatch over = new CountDownLatch(1);
		Thread drain = new Thread(() -> {
			try {
				do {
					this.tomcat.endpoint().remind();
				}
				while (!over.await(50, TimeUnit.MILLISECONDS));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		drain.start();
		try {
			conversation.hold();
		}
		finally {
			over.countDown();
			drain.join();
		}
	}

	@FunctionalInterface
	private interface Conversation {

		void hold() throws Exception;

	}

}
