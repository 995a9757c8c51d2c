package io.gozd.undertow;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.listener.InheritedListener;
import io.gozd.server.DrainContract;
import io.gozd.server.Script;
import io.gozd.tomcat.HttpSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class UndertowEndpointTests extends DrainContract<EmbeddedUndertow> {

	@Override
	protected EmbeddedUndertow create(Script script, Path directory, List<InheritedListener> inheritance) {
		return EmbeddedUndertow.of(script, inheritance);
	}

	@Test
	void aConnectionThatWaitsForItsThreadIsCountedToo() throws Exception {
		CountDownLatch free = new CountDownLatch(1);
		for (int i = 0; i < 2; i++) {
			server().undertow().getWorker().getIoThread(i).execute(() -> awaitLatch(free));
		}
		try (HttpSocket client = server().connect()) {
			await().until(() -> server().endpoints().openConnections() == 1);
			server().endpoints().stopAccepting((key) -> true);
			assertThat(server().endpoints().openConnections()).isOne();
			free.countDown();
			assertThat(client.get("/").body()).isEqualTo("first");
		}
		finally {
			free.countDown();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void http2IsToldToGoAndEndsWhenNoStreamIsLeft(boolean upgraded) throws Exception {
		try (Http2Frames client = http2(upgraded)) {
			server().draining(true);
			server().endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY)).returns(Integer.MAX_VALUE, Http2Frames.Frame::lastStream)
				.returns(0, Http2Frames.Frame::error);
			client.get(5, "/slow");
			script().awaitBegun();
			long begin = System.nanoTime();
			while (System.nanoTime() - begin < Http2Goodbye.ON_THE_WAY.toNanos()) {
				server().endpoint().remind();
				assertThat(client.isQuiet()).as("a stream runs").isTrue();
			}
			script().goOn().countDown();
			client.awaitEnd(5);
			server().endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY)).returns(5, Http2Frames.Frame::lastStream)
				.returns(0, Http2Frames.Frame::error);
			assertThat(client.read().type()).isEqualTo(Http2Frames.END);
			client.ping();
			assertThat(server().endpoints().openConnections()).as("the peer closes").isOne();
			client.close();
			await().until(() -> server().endpoints().openConnections() == 0);
		}
	}

	@Test
	void http2WithoutAnyRequestIsToldToGo() throws Exception {
		try (Http2Frames client = new Http2Frames(server().port()).preface()) {
			client.read(Http2Frames.SETTINGS);
			server().draining(true);
			server().endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			long begin = System.nanoTime();
			await().until(() -> System.nanoTime() - begin >= Http2Goodbye.ON_THE_WAY.toNanos());
			server().endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isZero();
			assertThat(client.read().type()).isEqualTo(Http2Frames.END);
		}
	}

	@Test
	void http2SaysNothingBeforeItsSettings() throws Exception {
		try (Http2Frames client = new Http2Frames(server().port())) {
			await().until(() -> server().endpoints().openConnections() == 1);
			server().draining(true);
			server().endpoint().remind();
			client.preface();
			assertThat(client.read().type()).isEqualTo(Http2Frames.SETTINGS);
			server().endpoint().remind();
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
		}
	}

	@Test
	void aStreamThatComesAfterTheFirstGoAwayIsServed() throws Exception {
		try (Http2Frames client = http2(false)) {
			server().draining(true);
			server().endpoint().remind();
			client.read(Http2Frames.GOAWAY);
			client.get(5);
			client.awaitEnd(5);
		}
	}

	@Test
	void http2WithoutStreamsEndsInAHurryWhateverThePeerDoes() throws Exception {
		try (Http2Frames client = http2(false)) {
			server().draining(true);
			await().until(() -> {
				server().endpoint().closeIdle();
				return server().endpoints().openConnections() == 0;
			});
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(Integer.MAX_VALUE);
			assertThat(client.read(Http2Frames.GOAWAY).lastStream()).isEqualTo(3);
		}
	}

	@Test
	void aPeerThatReadsSlowlyGetsAllOfItsResponse() throws Exception {
		try (Http2Frames client = new Http2Frames(server().port()).preface()) {
			client.window(Integer.MAX_VALUE / 2);
			client.get(1, "/large");
			server().draining(true);
			// What the peer has not read is in the buffers of the kernel when the stream
			// counts as over.
			long begin = System.nanoTime();
			await().until(() -> {
				server().endpoint().remind();
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
		Http2Frames client = new Http2Frames(server().port());
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
			.buildAsync(URI.create("ws://127.0.0.1:" + server().port() + "/ws"), new WebSocket.Listener() {

				@Override
				public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
					codes.add(code);
					return null;
				}

			})
			.get(10, TimeUnit.SECONDS);
		server().draining(true);
		UndertowWebSockets webSockets = new UndertowWebSockets(server().undertows(), Duration.ZERO);
		server().endpoint().remind();
		assertThat(server().endpoints().openConnections()).isOne();
		await().until(() -> {
			webSockets.end();
			return !codes.isEmpty();
		});
		assertThat(codes).containsExactly(1001);
		await().until(() -> server().endpoints().openConnections() == 0);
		assertThat(socket.isInputClosed()).isTrue();
	}

	@Test
	void itIsCalledByItsAddress() {
		assertThat(server().endpoint().name()).isEqualTo("undertow-127.0.0.1-" + server().port());
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
