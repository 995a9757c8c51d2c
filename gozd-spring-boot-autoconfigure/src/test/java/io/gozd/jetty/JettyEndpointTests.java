package io.gozd.jetty;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.gozd.tomcat.HttpAnswer;
import io.gozd.tomcat.HttpSocket;
import io.gozd.tomcat.Servlets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

final class JettyEndpointTests {

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	private EmbeddedJetty jetty;

	@BeforeEach
	void serve() throws Exception {
		this.jetty = new EmbeddedJetty(List.of()).servlet("/", Servlets.word("word"))
			.servlet("/stream", Servlets.stream())
			.servlet("/slow", Servlets.slow(this.begun, this.goOn))
			.servlet("/committed", Servlets.committed(this.begun, this.goOn))
			.servlet("/async", Servlets.asynchronous(this.begun, this.goOn))
			.echo("/ws")
			.serve();
	}

	@AfterEach
	void close() {
		this.goOn.countDown();
		this.jetty.close();
	}

	@Test
	void aRequestThatBeginsDuringTheDrainIsTheLastOfItsConnection() throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			assertThat(client.get("/").headers("Connection")).isEmpty();
			this.jetty.draining(true);
			HttpAnswer answer = client.get("/");
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).isEqualTo("word");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/async" })
	void aRequestThatRunsWhenTheDrainBeginsIsTheLastOfItsConnection(String path) throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			client.send(path);
			awaitBegun();
			this.jetty.draining(true);
			this.goOn.countDown();
			HttpAnswer answer = client.answer();
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).containsAnyOf("slow", "later");
			assertThat(client.isClosedByServer()).isTrue();
			await().until(() -> {
				this.jetty.endpoint().remind();
				return this.jetty.endpoints().openConnections() == 0;
			});
		}
	}

	@Test
	void aResponseThatIsCommittedWhenTheDrainBeginsIsWholeAndTheNextOneIsTheLast() throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			client.send("/committed");
			awaitBegun();
			this.jetty.draining(true);
			this.goOn.countDown();
			HttpAnswer answer = client.answer();
			assertThat(answer.headers("Connection")).isEmpty();
			assertThat(answer.body()).isEqualTo("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
			assertThat(client.get("/").headers("Connection")).containsExactly("close");
		}
	}

	@Test
	void aResponseThatTheApplicationFlushesKeepsItsChunks() throws Exception {
		this.jetty.draining(true);
		try (HttpSocket client = this.jetty.connect()) {
			HttpAnswer answer = client.get("/stream");
			assertThat(answer.headers("Transfer-Encoding")).containsExactly("chunked");
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).isEqualTo("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aDrainThatWasCancelledLeavesConnectionsOpen() throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			client.get("/");
			this.jetty.draining(true);
			this.jetty.draining(false);
			assertThat(client.get("/").headers("Connection")).isEmpty();
			assertThat(client.get("/stream").headers("Connection")).isEmpty();
			assertThat(client.get("/").body()).isEqualTo("word");
		}
	}

	@Test
	void anIdleConnectionIsNotClosedForADrain() throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			client.get("/");
			this.jetty.draining(true);
			this.jetty.endpoint().remind();
			assertThat(client.isQuiet()).isTrue();
			assertThat(client.get("/").body()).isEqualTo("word");
		}
	}

	@Test
	void aRequestWithAMistakeIsAnsweredDuringTheDrain() throws Exception {
		this.jetty.draining(true);
		try (HttpSocket client = this.jetty.connect()) {
			client.write("GET / HTTP/1.1\r\n\r\n");
			HttpAnswer answer = client.answer();
			assertThat(answer.status()).isEqualTo("400");
			assertThat(answer.headers("Connection")).containsExactly("close");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anUpgradeSaysWhatItsConnectionIsOnce(boolean draining) throws Exception {
		this.jetty.draining(draining);
		try (HttpSocket client = this.jetty.connect()) {
			HttpAnswer answer = WebSockets.handshake(client, "/ws");
			assertThat(answer.status()).isEqualTo("101");
			assertThat(answer.headers("Connection")).containsExactly("Upgrade");
			assertThat(client.isQuiet()).as("it stays open").isTrue();
		}
	}

	@Test
	void theConnectionsThatAreOpenAreCounted() throws Exception {
		assertThat(this.jetty.endpoints().openConnections()).isZero();
		try (HttpSocket idle = this.jetty.connect(); HttpSocket running = this.jetty.connect()) {
			idle.get("/");
			running.send("/slow");
			awaitBegun();
			assertThat(this.jetty.endpoints().openConnections()).isEqualTo(2);
			this.goOn.countDown();
			running.answer();
			assertThat(this.jetty.endpoints().openConnections()).isEqualTo(2);
			assertThat(this.jetty.endpoint().acceptedConnections()).hasValue(2);
		}
		await().until(() -> this.jetty.endpoints().openConnections() == 0);
	}

	@Test
	void aConnectionThatSaysNothingIsCountedToo() throws Exception {
		try (HttpSocket client = this.jetty.connect()) {
			await().until(() -> this.jetty.endpoints().openConnections() == 1);
			this.jetty.endpoints().stopAccepting((key) -> true);
			assertThat(this.jetty.endpoints().openConnections()).isOne();
			assertThat(client.get("/").body()).isEqualTo("word");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/committed", "/async" })
	void idleConnectionsAreClosedAndRunningOnesAreNot(String path) throws Exception {
		try (HttpSocket idle = this.jetty.connect();
				HttpSocket silent = this.jetty.connect();
				HttpSocket half = this.jetty.connect();
				HttpSocket running = this.jetty.connect()) {
			idle.get("/");
			half.write("GET / HTTP/1.1\r\nHo");
			running.send(path);
			awaitBegun();
			await().until(() -> {
				this.jetty.endpoint().closeIdle();
				return this.jetty.endpoints().openConnections() == 2;
			});
			assertThat(idle.isClosedByServer()).isTrue();
			assertThat(silent.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThat(running.answer().body()).containsAnyOf("slow", "two", "later");
			half.write("st: localhost\r\n\r\n");
			assertThat(half.answer().body()).isEqualTo("word");
		}
	}

	@Test
	void aWebSocketIsNotIdle() throws Exception {
		try (HttpSocket webSocket = this.jetty.connect(); HttpSocket idle = this.jetty.connect()) {
			WebSockets.handshake(webSocket, "/ws");
			idle.get("/");
			await().until(() -> {
				this.jetty.endpoint().closeIdle();
				return this.jetty.endpoints().openConnections() == 1;
			});
			assertThat(WebSockets.echo(webSocket, "still")).isEqualTo("still");
		}
	}

	@Test
	void everyConnectionCanBeClosed() throws Exception {
		try (HttpSocket idle = this.jetty.connect(); HttpSocket running = this.jetty.connect()) {
			idle.get("/");
			running.send("/slow");
			awaitBegun();
			this.jetty.endpoint().closeAll();
			assertThat(idle.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThatIOException().isThrownBy(running::answer);
			await().until(() -> this.jetty.endpoints().openConnections() == 0);
		}
	}

	@Test
	void itIsCalledAfterWhatItSpeaksAndWhere() {
		assertThat(this.jetty.endpoint().name()).isEqualTo("http-jetty-127.0.0.1-" + this.jetty.port());
	}

	@Test
	void whatJettyStoppedIsNoEndpointAnyMore() {
		this.jetty.close();
		assertThat(this.jetty.endpoint()).isNull();
		assertThat(this.jetty.endpoints().openConnections()).isZero();
	}

	private void awaitBegun() throws InterruptedException {
		assertThat(this.begun.await(10, TimeUnit.SECONDS)).as("the servlet runs").isTrue();
	}

}
