package io.gozd.jetty;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.gozd.jetty.Http2Socket.Frame;
import io.gozd.tomcat.Servlets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class Http2GoodbyeTests {

	private static final int LARGE = 2_000_000;

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	private EmbeddedJetty jetty;

	@BeforeEach
	void serve() throws Exception {
		this.jetty = new EmbeddedJetty(List.of()).servlet("/", Servlets.word("word"))
			.servlet("/large", Servlets.answer((request) -> "x".repeat(LARGE)))
			.servlet("/slow", Servlets.slow(this.begun, this.goOn))
			.serve();
	}

	@AfterEach
	void close() {
		this.goOn.countDown();
		this.jetty.close();
	}

	@Test
	void aConnectionThatIsIdleIsToldTwiceBeforeItEnds() throws Exception {
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			client.get(1, "/");
			assertThat(client.body(1)).isEqualTo("word");
			remindUntil(() -> {
				Frame first = client.next(Http2Socket.GOAWAY);
				long told = System.nanoTime();
				assertThat(first.lastStream()).isEqualTo(Integer.MAX_VALUE);
				client.get(3, "/");
				assertThat(client.body(3)).as("on its way when the server told").isEqualTo("word");
				Frame last = client.read();
				assertThat(last.type()).isEqualTo(Http2Socket.GOAWAY);
				assertThat(last.lastStream()).isEqualTo(3);
				assertThat(System.nanoTime() - told).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
				assertThat(client.isClosedByServer()).isTrue();
			});
		}
		await().until(() -> this.jetty.endpoints().openConnections() == 0);
	}

	@Test
	void aConnectionWithoutAnyRequestIsToldToo() throws Exception {
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			remindUntil(() -> {
				assertThat(client.read().lastStream()).isEqualTo(Integer.MAX_VALUE);
				assertThat(client.read().lastStream()).isZero();
				assertThat(client.isClosedByServer()).isTrue();
			});
		}
	}

	@Test
	void nothingIsSaidBeforeTheSettings() throws Exception {
		try (Http2Socket client = new Http2Socket(this.jetty.port())) {
			await().until(() -> this.jetty.endpoints().openConnections() == 1);
			remindUntil(() -> {
				client.preface();
				assertThat(client.read().type()).isEqualTo(Http2Socket.SETTINGS);
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			});
		}
	}

	@Test
	void aStreamThatRunsIsAnsweredBeforeTheEnd() throws Exception {
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			client.get(1, "/slow");
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
			remindUntil(() -> {
				assertThat(client.read().lastStream()).isEqualTo(Integer.MAX_VALUE);
				this.goOn.countDown();
				assertThat(client.body(1)).isEqualTo("slow");
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(1);
				assertThat(client.isClosedByServer()).isTrue();
			});
		}
	}

	@Test
	void whatComesAfterTheSecondIsNotBegunAndWhatRunsIsAnswered() throws Exception {
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			client.get(1, "/slow");
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
			remindUntil(() -> {
				assertThat(client.read().lastStream()).isEqualTo(Integer.MAX_VALUE);
				assertThat(client.read().lastStream()).as("its patience is over").isEqualTo(1);
				client.get(3, "/");
				client.ping();
				this.goOn.countDown();
				assertThat(client.next(Http2Socket.HEADERS).stream()).isEqualTo(1);
				assertThat(client.body(1)).isEqualTo("slow");
				assertThat(client.isClosedByServer()).isTrue();
			});
		}
	}

	@Test
	void aSlowReaderGetsTheLastByte() throws Exception {
		try (Http2Socket client = Http2Socket.slow(this.jetty.port())) {
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
			});
		}
	}

	@Test
	void aPeerThatReadsNothingMoreHoldsNoDrainUp() throws Exception {
		// Longer than a stream is waited for: Jetty's own is off then.
		((HandoverConnector) this.jetty.connector()).setIdleTimeout(7000);
		try (Http2Socket client = Http2Socket.slow(this.jetty.port())) {
			client.get(1, "/large");
			assertThat(client.next(Http2Socket.DATA).stream()).isEqualTo(1);
			remindUntil(() -> await().atMost(30, TimeUnit.SECONDS)
				.until(() -> this.jetty.endpoints().openConnections() == 0));
		}
	}

	@Test
	void aDrainThatIsCancelledSaysNoMore() throws Exception {
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			this.jetty.draining(true);
			this.jetty.endpoint().remind();
			assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			this.jetty.draining(false);
			this.jetty.endpoint().remind();
			client.get(1, "/");
			assertThat(client.body(1)).isEqualTo("word");
		}
	}

	@Test
	void whatIsHalfEndedWhenADrainIsCancelledEndsByItsTimeout() throws Exception {
		((HandoverConnector) this.jetty.connector()).setIdleTimeout(3000);
		try (Http2Socket client = Http2Socket.open(this.jetty.port())) {
			client.get(1, "/slow");
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
			remindUntil(() -> {
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
				assertThat(client.next(Http2Socket.GOAWAY).lastStream()).isEqualTo(1);
			});
			this.jetty.draining(false);
			this.goOn.countDown();
			assertThat(client.body(1)).isEqualTo("slow");
			await().until(() -> this.jetty.endpoints().openConnections() == 0);
		}
	}

	@Test
	void inAHurryOnlyConnectionsWithoutStreamsEnd() throws Exception {
		try (Http2Socket idle = Http2Socket.open(this.jetty.port());
				Http2Socket running = Http2Socket.open(this.jetty.port())) {
			running.get(1, "/slow");
			assertThat(this.begun.await(10, TimeUnit.SECONDS)).isTrue();
			await().until(() -> {
				this.jetty.endpoint().closeIdle();
				return this.jetty.endpoints().openConnections() == 1;
			});
			assertThat(idle.read().lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(idle.read().lastStream()).isZero();
			assertThat(idle.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThat(running.read().lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(running.body(1)).isEqualTo("slow");
		}
	}

	/** As a drain does, in a thread beside. */
	private void remindUntil(Conversation conversation) throws Exception {
		this.jetty.draining(true);
		CountDownLatch over = new CountDownLatch(1);
		Thread drain = new Thread(() -> {
			try {
				do {
					this.jetty.endpoint().remind();
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
