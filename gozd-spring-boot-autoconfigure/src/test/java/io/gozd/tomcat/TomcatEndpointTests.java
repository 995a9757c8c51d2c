package io.gozd.tomcat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

final class TomcatEndpointTests {

	private final CountDownLatch begun = new CountDownLatch(1);

	private final CountDownLatch goOn = new CountDownLatch(1);

	@TempDir
	private Path directory;

	private EmbeddedTomcat tomcat;

	@BeforeEach
	void serve() throws Exception {
		this.tomcat = new EmbeddedTomcat(this.directory, List.of()).servlet("/", Servlets.word("word"))
			.servlet("/stream", Servlets.stream())
			.servlet("/slow", Servlets.slow(this.begun, this.goOn))
			.servlet("/committed", Servlets.committed(this.begun, this.goOn))
			.servlet("/async", Servlets.asynchronous(this.begun, this.goOn))
			.servlet("/upgrade", Servlets.upgrade())
			.serve();
	}

	@AfterEach
	void close() {
		this.goOn.countDown();
		this.tomcat.close();
	}

	@Test
	void aRequestThatBeginsDuringTheDrainIsTheLastOfItsConnection() throws Exception {
		try (HttpSocket client = this.tomcat.connect()) {
			assertThat(client.get("/").headers("Connection")).isEmpty();
			this.tomcat.draining(true);
			HttpAnswer answer = client.get("/");
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).isEqualTo("word");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/async" })
	void aRequestThatRunsWhenTheDrainBeginsIsTheLastOfItsConnection(String path) throws Exception {
		try (HttpSocket client = this.tomcat.connect()) {
			client.send(path);
			awaitBegun();
			this.tomcat.draining(true);
			this.goOn.countDown();
			HttpAnswer answer = client.answer();
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).containsAnyOf("slow", "later");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aResponseThatIsCommittedWhenTheDrainBeginsIsWholeAndTheNextOneIsTheLast() throws Exception {
		try (HttpSocket client = this.tomcat.connect()) {
			client.send("/committed");
			awaitBegun();
			this.tomcat.draining(true);
			this.goOn.countDown();
			HttpAnswer answer = client.answer();
			assertThat(answer.headers("Connection")).isEmpty();
			assertThat(answer.body()).isEqualTo("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
			assertThat(client.get("/").headers("Connection")).containsExactly("close");
		}
	}

	@Test
	void aResponseThatTheApplicationFlushesKeepsItsChunks() throws Exception {
		this.tomcat.draining(true);
		try (HttpSocket client = this.tomcat.connect()) {
			HttpAnswer answer = client.get("/stream");
			assertThat(answer.headers("Transfer-Encoding")).containsExactly("chunked");
			assertThat(answer.headers("Connection")).containsExactly("close");
			assertThat(answer.body()).isEqualTo("3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aDrainThatWasCancelledLeavesConnectionsOpen() throws Exception {
		try (HttpSocket client = this.tomcat.connect()) {
			client.get("/");
			this.tomcat.draining(true);
			this.tomcat.draining(false);
			assertThat(client.get("/").headers("Connection")).isEmpty();
			assertThat(client.get("/stream").headers("Connection")).isEmpty();
			assertThat(client.get("/").body()).isEqualTo("word");
		}
	}

	@Test
	void aRequestWithAMistakeIsAnsweredDuringTheDrain() throws Exception {
		this.tomcat.draining(true);
		try (HttpSocket client = this.tomcat.connect()) {
			client.write("GET / HTTP/1.1\r\n\r\n");
			HttpAnswer answer = client.answer();
			assertThat(answer.status()).isEqualTo("400");
			assertThat(answer.headers("Connection")).containsExactly("close");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anUpgradeSaysWhatItsConnectionIsOnce(boolean draining) throws Exception {
		this.tomcat.draining(draining);
		try (HttpSocket client = this.tomcat.connect()) {
			client.send("/upgrade", "Connection: upgrade", "Upgrade: test");
			HttpAnswer answer = client.answer();
			assertThat(answer.status()).isEqualTo("101");
			assertThat(answer.headers("Connection")).containsExactly("upgrade");
			assertThat(client.isQuiet()).as("it stays open").isTrue();
		}
	}

	@Test
	void theConnectionsThatAreOpenAreCounted() throws Exception {
		assertThat(this.tomcat.endpoints().openConnections()).isZero();
		try (HttpSocket idle = this.tomcat.connect(); HttpSocket running = this.tomcat.connect()) {
			idle.get("/");
			running.send("/slow");
			awaitBegun();
			assertThat(this.tomcat.endpoints().openConnections()).isEqualTo(2);
			this.goOn.countDown();
			running.answer();
			assertThat(this.tomcat.endpoints().openConnections()).isEqualTo(2);
		}
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@Test
	void aConnectionThatSaysNothingIsCountedToo() throws Exception {
		try (HttpSocket client = this.tomcat.connect()) {
			await().until(() -> this.tomcat.endpoints().openConnections() == 1);
			this.tomcat.endpoints().stopAccepting((key) -> true);
			assertThat(this.tomcat.endpoints().openConnections()).isOne();
			assertThat(client.get("/").body()).isEqualTo("word");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/committed", "/async" })
	void idleConnectionsAreClosedAndRunningOnesAreNot(String path) throws Exception {
		try (HttpSocket idle = this.tomcat.connect(); HttpSocket running = this.tomcat.connect()) {
			idle.get("/");
			running.send(path);
			awaitBegun();
			await().until(() -> {
				this.tomcat.endpoint().closeIdle();
				return this.tomcat.endpoints().openConnections() == 1;
			});
			assertThat(idle.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThat(running.answer().body()).containsAnyOf("slow", "two", "later");
		}
	}

	@Test
	void everyConnectionCanBeClosed() throws Exception {
		try (HttpSocket idle = this.tomcat.connect(); HttpSocket running = this.tomcat.connect()) {
			idle.get("/");
			running.send("/slow");
			awaitBegun();
			this.tomcat.endpoint().closeAll();
			assertThat(idle.isClosedByServer()).isTrue();
			this.goOn.countDown();
			assertThatIOException().isThrownBy(running::answer);
			await().until(() -> this.tomcat.endpoints().openConnections() == 0);
		}
	}

	@Test
	void itIsCalledAsTomcatCallsIt() {
		assertThat(this.tomcat.endpoint().name()).startsWith("http-nio-127.0.0.1-");
	}

	@Test
	void whatTomcatStoppedIsNoEndpointAnyMore() throws IOException {
		this.tomcat.close();
		assertThat(this.tomcat.endpoint()).isNull();
		assertThat(this.tomcat.endpoints().openConnections()).isZero();
	}

	private void awaitBegun() throws InterruptedException {
		assertThat(this.begun.await(10, TimeUnit.SECONDS)).as("the servlet runs").isTrue();
	}

}
