package io.gozd.server;

import java.io.IOException;
import java.util.List;

import io.gozd.drain.Endpoint;
import io.gozd.tomcat.HttpAnswer;
import io.gozd.tomcat.HttpSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

/**
 * What {@link Endpoint} promises of connections of HTTP/1.1: each is counted, is told to
 * end, and is cut only where nothing is asked, or where it is said.
 *
 * @param <S> the server
 */
public abstract class DrainContract<S extends EmbeddedServer<S>> extends ServerContract<S> {

	/** Some servers write a length with a zero before it. */
	private static final String CHUNKS = "0?3\r\none\r\n0?3\r\ntwo\r\n0\r\n\r\n";

	@BeforeEach
	final void serve() throws Exception {
		server().serve();
	}

	/** Ask for another protocol. */
	protected HttpAnswer upgrade(HttpSocket client) throws IOException {
		client.send("/upgrade", "Connection: upgrade", "Upgrade: test");
		return client.answer();
	}

	@Test
	void aRequestThatBeginsDuringTheDrainIsTheLastOfItsConnection() throws Exception {
		try (HttpSocket client = server().connect()) {
			assertStaysOpen(client.get("/"));
			server().draining(true);
			HttpAnswer answer = client.get("/");
			assertIsTheLast(answer);
			assertThat(answer.body()).isEqualTo("first");
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/async" })
	void aRequestThatRunsWhenTheDrainBeginsIsTheLastOfItsConnection(String path) throws Exception {
		try (HttpSocket client = server().connect()) {
			client.send(path);
			script().awaitBegun();
			server().draining(true);
			script().goOn().countDown();
			HttpAnswer answer = client.answer();
			assertIsTheLast(answer);
			assertThat(answer.body()).containsAnyOf("slow", "later");
			assertThat(client.isClosedByServer()).isTrue();
		}
		await().until(() -> {
			server().endpoint().remind();
			return server().endpoints().openConnections() == 0;
		});
	}

	@Test
	void aResponseThatIsCommittedWhenTheDrainBeginsIsWholeAndTheNextOneIsTheLast() throws Exception {
		try (HttpSocket client = server().connect()) {
			client.send("/committed");
			script().awaitBegun();
			server().draining(true);
			script().goOn().countDown();
			HttpAnswer answer = client.answer();
			assertStaysOpen(answer);
			assertThat(answer.body()).matches(CHUNKS);
			assertIsTheLast(client.get("/"));
		}
	}

	/** Or nobody could tell it from one that was cut. */
	@Test
	void aResponseThatTheApplicationFlushesKeepsItsChunks() throws Exception {
		server().draining(true);
		try (HttpSocket client = server().connect()) {
			HttpAnswer answer = client.get("/stream");
			assertThat(answer.headers("Transfer-Encoding")).containsExactly("chunked");
			assertIsTheLast(answer);
			assertThat(answer.body()).matches(CHUNKS);
			assertThat(client.isClosedByServer()).isTrue();
		}
	}

	@Test
	void aDrainThatWasCancelledLeavesConnectionsOpen() throws Exception {
		try (HttpSocket client = server().connect()) {
			client.get("/");
			server().draining(true);
			server().draining(false);
			assertStaysOpen(client.get("/"));
			assertStaysOpen(client.get("/stream"));
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void anIdleConnectionIsNotClosedForADrain() throws Exception {
		try (HttpSocket client = server().connect()) {
			client.get("/");
			server().draining(true);
			server().endpoint().remind();
			assertThat(client.isQuiet()).isTrue();
			assertThat(server().endpoints().openConnections()).isOne();
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void aRequestWithAMistakeIsAnsweredDuringTheDrain() throws Exception {
		server().draining(true);
		try (HttpSocket client = server().connect()) {
			client.write("GET / HTTP/1.1\r\n\r\n");
			HttpAnswer answer = client.answer();
			assertThat(answer.status()).isEqualTo("400");
			assertIsTheLast(answer);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anUpgradeSaysWhatItsConnectionIsOnce(boolean draining) throws Exception {
		server().draining(draining);
		try (HttpSocket client = server().connect()) {
			HttpAnswer answer = upgrade(client);
			assertThat(answer.status()).isEqualTo("101");
			assertThat(answer.headers("Connection")).singleElement().asString().isEqualToIgnoringCase("upgrade");
			assertThat(client.isQuiet()).as("it stays open").isTrue();
		}
	}

	@Test
	void theConnectionsThatAreOpenAreCounted() throws Exception {
		assertThat(server().endpoints().openConnections()).isZero();
		try (HttpSocket idle = server().connect(); HttpSocket running = server().connect()) {
			idle.get("/");
			running.send("/slow");
			script().awaitBegun();
			assertThat(server().endpoints().openConnections()).isEqualTo(2);
			script().goOn().countDown();
			running.answer();
			assertThat(server().endpoints().openConnections()).isEqualTo(2);
			assertThat(server().endpoint().acceptedConnections()).hasValue(2);
		}
		await().until(() -> server().endpoints().openConnections() == 0);
	}

	@Test
	void aConnectionThatSaysNothingIsCountedToo() throws Exception {
		try (HttpSocket client = server().connect()) {
			await().until(() -> server().endpoints().openConnections() == 1);
			server().endpoints().stopAccepting((key) -> true);
			assertThat(server().endpoints().openConnections()).isOne();
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/slow", "/committed", "/async" })
	void idleConnectionsAreClosedAndRunningOnesAreNot(String path) throws Exception {
		try (HttpSocket idle = server().connect();
				HttpSocket silent = server().connect();
				HttpSocket running = server().connect()) {
			idle.get("/");
			running.send(path);
			script().awaitBegun();
			closeIdleUntil(1);
			assertThat(idle.isClosedByServer()).isTrue();
			assertThat(silent.isClosedByServer()).isTrue();
			script().goOn().countDown();
			assertThat(running.answer().body()).containsAnyOf("slow", "two", "later");
		}
	}

	@Test
	void aConnectionWithHalfARequestIsNotIdle() throws Exception {
		try (HttpSocket idle = server().connect(); HttpSocket half = server().connect()) {
			idle.get("/");
			half.write("GET / HTTP/1.1\r\nHo");
			closeIdleUntil(1);
			half.write("st: localhost\r\n\r\n");
			assertThat(half.answer().body()).isEqualTo("first");
		}
	}

	/** Close idle connections until so many are left. */
	protected final void closeIdleUntil(int left) {
		await().until(() -> {
			server().endpoint().closeIdle();
			return server().endpoints().openConnections() == left;
		});
	}

	@Test
	void everyConnectionCanBeClosed() throws Exception {
		try (HttpSocket idle = server().connect(); HttpSocket running = server().connect()) {
			idle.get("/");
			running.send("/slow");
			script().awaitBegun();
			server().endpoint().closeAll();
			assertThat(idle.isClosedByServer()).isTrue();
			// Where a thread of the server closes it, it could be answered before that.
			assertThatIOException().isThrownBy(running::answer);
			script().goOn().countDown();
			await().until(() -> server().endpoints().openConnections() == 0);
		}
	}

	private static void assertIsTheLast(HttpAnswer answer) {
		assertThat(answer.headers("Connection")).containsExactly("close");
	}

	private static void assertStaysOpen(HttpAnswer answer) {
		assertThat(answer.headers("Connection")).isSubsetOf(List.of("keep-alive"));
	}

}
