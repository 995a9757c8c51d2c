package io.gozd.undertow;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.DrainReport;
import io.gozd.tomcat.HttpAnswer;
import io.gozd.tomcat.HttpSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

final class UndertowEndpointTests {

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	private EmbeddedUndertow undertow;

	@BeforeEach
	void serve() {
		this.undertow = new EmbeddedUndertow(new Paths("word", this.begun, this.goOn), List.of()).serve();
	}

	@AfterEach
	void close() {
		this.goOn.countDown();
		this.undertow.close();
	}

	@Test
	void aRequestThatBeginsDuringTheDrainIsTheLastOfItsConnection() throws Exception {
		try (HttpSocket client = this.undertow.connect()) {
			assertThat(client.get("/").headers("Connection")).containsExactly("keep-alive");
			this.undertow.draining(true);
			HttpAnswer answer = client.get("/");
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).isEqualTo("word");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/async" })
	void aRequestThatRunsWhenTheDrainBeginsIsTheLastOfItsConnection(String path) throws Exception {
		try (HttpSocket client = this.undertow.connect()) {
			client.send(path);
			awaitBegun();
			this.undertow.draining(true);
			this.goOn.countDown();
			HttpAnswer answer = client.answer();
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).containsAnyOf("slow", "later");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aResponseThatIsCommittedWhenTheDrainBeginsIsWholeAndTheNextOneIsTheLast() throws Exception {
		try (HttpSocket client = this.undertow.connect()) {
			client.send("/committed");
			awaitBegun();
			this.undertow.draining(true);
			this.goOn.countDown();
			HttpAnswer answer = client.answer();
			assertThat(answer.headers("Connection")).containsExactly("keep-alive");
			assertThat(answer.body()).isEqualTo("03\r\none\r\n03\r\ntwo\r\n0\r\n\r\n");
			assertThat(client.get("/").headers("Connection")).containsExactly("close");
		}
	}

	/** Or nobody could tell it from one that was cut. */
	@Test
	void aResponseWithoutALengthSaysWhereItEndsDuringTheDrainToo() throws Exception {
		this.undertow.draining(true);
		this.goOn.countDown();
		try (HttpSocket client = this.undertow.connect()) {
			HttpAnswer answer = client.get("/committed");
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.headers("Transfer-Encoding")).containsExactly("chunked");
			assertThat(answer.body()).isEqualTo("03\r\none\r\n03\r\ntwo\r\n0\r\n\r\n");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void anIdleConnectionIsNotClosedForADrain() throws Exception {
		try (HttpSocket client = this.undertow.connect()) {
			client.get("/");
			this.undertow.draining(true);
			this.undertow.endpoint().remind();
			assertThat(client.isQuiet()).isTrue();
			assertThat(this.undertow.endpoints().openConnections()).isOne();
		}
	}

	@Test
	void aDrainThatWasCancelledLeavesConnectionsOpen() throws Exception {
		try (HttpSocket client = this.undertow.connect()) {
			client.get("/");
			this.undertow.draining(true);
			this.undertow.draining(false);
			assertThat(client.get("/").headers("Connection")).containsExactly("keep-alive");
			assertThat(client.get("/").body()).isEqualTo("word");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anUpgradeSaysWhatItsConnectionIsOnce(boolean draining) throws Exception {
		this.undertow.draining(draining);
		try (HttpSocket client = this.undertow.connect()) {
			client.send("/upgrade", "Connection: upgrade", "Upgrade: test");
			HttpAnswer answer = client.answer();
			assertThat(answer.status()).isEqualTo("101");
			assertThat(answer.headers("Connection")).hasSize(1)
				.allSatisfy((value) -> assertThat(value).isEqualToIgnoringCase("upgrade"));
			assertThat(client.isQuiet()).as("it stays open").isTrue();
		}
	}

	@Test
	void theConnectionsThatAreOpenAreCounted() throws Exception {
		assertThat(this.undertow.endpoints().openConnections()).isZero();
		try (HttpSocket idle = this.undertow.connect(); HttpSocket running = this.undertow.connect()) {
			idle.get("/");
			running.send("/slow");
			awaitBegun();
			assertThat(this.undertow.endpoints().openConnections()).isEqualTo(2);
			this.goOn.countDown();
			running.answer();
			assertThat(this.undertow.endpoint().acceptedConnections()).hasValue(2);
		}
		await().until(() -> this.undertow.endpoints().openConnections() == 0);
	}

	@Test
	void aConnectionThatSaysNothingIsCountedToo() throws Exception {
		try (HttpSocket client = this.undertow.connect()) {
			await().until(() -> this.undertow.endpoints().openConnections() == 1);
			this.undertow.endpoints().stopAccepting((key) -> true);
			assertThat(this.undertow.endpoints().openConnections()).isOne();
			assertThat(client.get("/").body()).isEqualTo("word");
		}
	}

	@Test
	void aConnectionThatWaitsForItsThreadIsCountedToo() throws Exception {
		CountDownLatch free = new CountDownLatch(1);
		for (int i = 0; i < 2; i++) {
			this.undertow.undertow().getWorker().getIoThread(i).execute(() -> awaitLatch(free));
		}
		try (HttpSocket client = this.undertow.connect()) {
			await().until(() -> this.undertow.endpoints().openConnections() == 1);
			this.undertow.endpoints().stopAccepting((key) -> true);
			assertThat(this.undertow.endpoints().openConnections()).isOne();
			free.countDown();
			assertThat(client.get("/").body()).isEqualTo("word");
		}
		finally {
			free.countDown();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/committed", "/async" })
	void idleConnectionsAreClosedAndRunningOnesAreNot(String path) throws Exception {
		try (HttpSocket idle = this.undertow.connect();
				HttpSocket silent = this.undertow.connect();
				HttpSocket running = this.undertow.connect()) {
			idle.get("/");
			running.send(path);
			awaitBegun();
			await().until(() -> {
				this.undertow.endpoint().closeIdle();
				return this.undertow.endpoints().openConnections() == 1;
			});
			assertThat(idle.isClosedByServer()).isTrue();
			assertThat(silent.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThat(running.answer().body()).containsAnyOf("slow", "two", "later");
		}
	}

	@Test
	void aConnectionWithHalfARequestIsNotIdle() throws Exception {
		try (HttpSocket idle = this.undertow.connect(); HttpSocket half = this.undertow.connect()) {
			idle.get("/");
			half.write("GET / HTTP/1.1\r\nHo");
			await().until(() -> {
				this.undertow.endpoint().closeIdle();
				return this.undertow.endpoints().openConnections() == 1;
			});
			half.write("st: localhost\r\n\r\n");
			assertThat(half.answer().body()).isEqualTo("word");
		}
	}

	@Test
	void everyConnectionCanBeClosed() throws Exception {
		try (HttpSocket idle = this.undertow.connect(); HttpSocket running = this.undertow.connect()) {
			idle.get("/");
			running.send("/slow");
			awaitBegun();
			this.undertow.endpoint().closeAll();
			assertThat(idle.isClosedByServer()).isTrue();
			// Each is closed in its own I/O thread: before that it could be answered.
			assertThatIOException().isThrownBy(running::answer);
			this.goOn.countDown();
			await().until(() -> this.undertow.endpoints().openConnections() == 0);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void http2IsToldToGoAndEndsWhenNoStreamIsLeft(boolean upgraded) throws Exception {
		try (Http2Frames client = http2(upgraded)) {
			this.undertow.draining(true);
			this.undertow.endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY)).returns(Integer.MAX_VALUE, Http2Frames.Frame::lastStream)
				.returns(0, Http2Frames.Frame::error);
			client.get(5, "/slow");
			awaitBegun();
			long begin = System.nanoTime();
			while (System.nanoTime() - begin < Http2Goodbye.ON_THE_WAY.toNanos()) {
				this.undertow.endpoint().remind();
				assertThat(client.isQuiet()).as("a stream runs").isTrue();
			}
			this.goOn.countDown();
			client.awaitEnd(5);
			this.undertow.endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY)).returns(5, Http2Frames.Frame::lastStream)
				.returns(0, Http2Frames.Frame::error);
			assertThat(client.read().type()).isEqualTo(Http2Frames.END);
			client.ping();
			assertThat(this.undertow.endpoints().openConnections()).as("the peer closes").isOne();
			client.close();
			await().until(() -> this.undertow.endpoints().openConnections() == 0);
		}
	}

	@Test
	void http2WithoutAnyRequestIsToldToGo() throws Exception {
		try (Http2Frames client = new Http2Frames(this.undertow.port()).preface()) {
			client.read(Http2Frames.SETTINGS);
			this.undertow.draining(true);
			this.undertow.endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			long begin = System.nanoTime();
			await().until(() -> System.nanoTime() - begin >= Http2Goodbye.ON_THE_WAY.toNanos());
			this.undertow.endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isZero();
			assertThat(client.read().type()).isEqualTo(Http2Frames.END);
		}
	}

	@Test
	void http2SaysNothingBeforeItsSettings() throws Exception {
		try (Http2Frames client = new Http2Frames(this.undertow.port())) {
			await().until(() -> this.undertow.endpoints().openConnections() == 1);
			this.undertow.draining(true);
			this.undertow.endpoint().remind();
			client.preface();
			assertThat(client.read().type()).isEqualTo(Http2Frames.SETTINGS);
			this.undertow.endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
		}
	}

	@Test
	void aStreamThatComesAfterTheFirstGoAwayIsServed() throws Exception {
		try (Http2Frames client = http2(false)) {
			this.undertow.draining(true);
			this.undertow.endpoint().remind();
			client.read(Http2Frames.GOAWAY);
			client.get(5);
			client.awaitEnd(5);
		}
	}

	@Test
	void http2WithoutStreamsEndsInAHurryWhateverThePeerDoes() throws Exception {
		try (Http2Frames client = http2(false)) {
			this.undertow.draining(true);
			await().until(() -> {
				this.undertow.endpoint().closeIdle();
				return this.undertow.endpoints().openConnections() == 0;
			});
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(3);
		}
	}

	@Test
	void aPeerThatReadsSlowlyGetsAllOfItsResponse() throws Exception {
		try (Http2Frames client = new Http2Frames(this.undertow.port()).preface()) {
			client.window(Integer.MAX_VALUE / 2);
			client.get(1, "/large");
			this.undertow.draining(true);
			// What the peer has not read is in the buffers of the kernel when the stream
			// counts as over.
			long begin = System.nanoTime();
			await().until(() -> {
				this.undertow.endpoint().remind();
				return System.nanoTime() - begin > 2 * Http2Goodbye.ON_THE_WAY.toNanos();
			});
			int length = 0;
			for (Http2Frames.Frame frame = client.read(); frame.type() != Http2Frames.END; frame = client.read()) {
				length += (frame.type() == Http2Frames.DATA) ? frame.payload().length : 0;
				client.ping();
			}
			assertThat(length).isEqualTo(Paths.LARGE);
		}
	}

	private Http2Frames http2(boolean upgraded) throws IOException {
		Http2Frames client = new Http2Frames(this.undertow.port());
		if (upgraded) {
			client.upgrade().awaitEnd(1);
		}
		else {
			client.preface();
		}
		client.get(3);
		client.awaitEnd(3);
		return client;
	}

	@Test
	void webSocketsAreClosedAsGoingAway() throws Exception {
		BlockingQueue<Integer> codes = new LinkedBlockingQueue<>();
		WebSocket socket = HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://127.0.0.1:" + this.undertow.port() + "/ws"), new WebSocket.Listener() {

				@Override
				public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
					codes.add(code);
					return null;
				}

			})
			.get(10, TimeUnit.SECONDS);
		this.undertow.draining(true);
		UndertowWebSockets webSockets = new UndertowWebSockets(this.undertow.undertows(), Duration.ZERO);
		this.undertow.endpoint().remind();
		assertThat(this.undertow.endpoints().openConnections()).isOne();
		await().until(() -> {
			webSockets.end();
			return !codes.isEmpty();
		});
		assertThat(codes).containsExactly(1001);
		await().until(() -> this.undertow.endpoints().openConnections() == 0);
		assertThat(socket.isInputClosed()).isTrue();
	}

	@Test
	void whatWaitsInTheQueueIsServedBeforeTheListenerIsClosed() throws Exception {
		this.undertow.endpoints().stopAccepting((key) -> true);
		try (Socket first = new Socket(InetAddress.getLoopbackAddress(), this.undertow.port());
				HttpSocket client = this.undertow.connect()) {
			client.send("/");
			BlockingQueue<DrainReport> reports = new LinkedBlockingQueue<>();
			new Drain(this.undertow.endpoints(), DrainCause.TERMINATE, this.undertow.all(), Duration.ofSeconds(20),
					(drain, report) -> reports.add(report))
				.start();
			assertThat(client.answer().body()).isEqualTo("word");
			assertThat(client.isClosedByServer()).isTrue();
			client.close();
			first.close();
			assertThat(reports.poll(10, TimeUnit.SECONDS)).isNotNull().returns(0, DrainReport::cut);
			assertThat(this.undertow.listeners().open()).isEmpty();
		}
	}

	@Test
	void itIsCalledByItsAddress() {
		assertThat(this.undertow.endpoint().name()).isEqualTo("undertow-127.0.0.1-" + this.undertow.port());
	}

	@Test
	void whatUndertowStoppedIsNoEndpointAnyMore() {
		this.undertow.close();
		assertThat(this.undertow.all()).isEmpty();
		assertThat(this.undertow.endpoints().openConnections()).isZero();
	}

	private void awaitBegun() throws InterruptedException {
		assertThat(this.begun.await(10, TimeUnit.SECONDS)).as("the handler runs").isTrue();
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
