package io.gozd.undertow;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

import io.gozd.drain.Endpoint;
import io.gozd.listener.InheritedListener;
import io.gozd.server.ListenerContract;
import io.gozd.server.Script;
import io.gozd.tomcat.HttpSocket;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;
import static org.awaitility.Awaitility.await;

final class UndertowListenersTests extends ListenerContract<EmbeddedUndertow> {

	@Override
	protected EmbeddedUndertow create(Script script, Path directory, List<InheritedListener> inheritance) {
		return EmbeddedUndertow.of(script, inheritance);
	}

	@Test
	void thisUndertowIsOneOfThoseThatAreKnown() {
		assertThat(Hidden.isKnown()).isTrue();
		assertThat(NioConnections.isKnown()).isTrue();
		assertThat(server().take()).isEmpty();
	}

	@Test
	void aWorkerOfTheApplicationIsAnObstacleWithAWayOut() throws Exception {
		XnioWorker worker = Xnio.getInstance().createWorker(OptionMap.create(Options.THREAD_DAEMON, true));
		try {
			server().builder().setWorker(worker);
			assertThat(server().take()).singleElement()
				.asString()
				.contains("worker that the application has made")
				.endsWith("set the options of its worker");
			server().start();
			assertThat(server().undertows().started(server().undertow())).singleElement()
				.asString()
				.startsWith("The listener of Undertow on /127.0.0.1:");
		}
		finally {
			server().close();
			worker.shutdownNow();
		}
	}

	@Test
	void theGateOpensOnlyIfUndertowWantsConnectionsToo() throws Exception {
		server().serve();
		HandoverServer server = ((UndertowEndpoint) server().endpoint()).server();
		server.suspendAccepts();
		try (HttpSocket client = server().connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			server.resumeAccepts();
			assertThat(client.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void asManyConnectionsAreAcceptedAsUndertowAllows() throws Exception {
		server().builder().setSocketOption(Options.CONNECTION_HIGH_WATER, 1);
		server().builder().setSocketOption(Options.CONNECTION_LOW_WATER, 1);
		server().serve();
		try (HttpSocket first = server().connect(); HttpSocket second = server().connect()) {
			first.get("/");
			second.send("/");
			await().until(() -> server().endpoints().openConnections() == 1);
			assertThat(second.isQuiet()).isTrue();
			first.close();
			assertThat(second.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void aClosedListenerIsRemembered() throws Exception {
		server().serve();
		Endpoint endpoint = server().endpoint();
		endpoint.closeListener();
		assertThat(endpoint.key()).isNull();
		assertThat(endpoint.lastKey()).hasToString("tcp:127.0.0.1:0#server");
	}

	@Test
	void anUndertowThatStopsTakesItsThreadsWithItAndStartsAgain() throws Exception {
		Set<Thread> before = threads();
		server().serve();
		try (HttpSocket client = server().connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
		assertThat(threads()).hasSizeGreaterThan(before.size());
		XnioWorker worker = server().undertow().getWorker();
		server().stop();
		assertThat(server().all()).isEmpty();
		assertThat(worker.isTerminated()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> worker.execute(() -> {
			// Nobody does it.
		}));
		await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
		server().start();
		try (HttpSocket client = server().connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void anUndertowThatCanNotListenLeavesNoThread() throws Exception {
		server().serve();
		Set<Thread> before = threads();
		try (EmbeddedUndertow other = EmbeddedUndertow.of(Script.of("other"), List.of()).port(server().port())) {
			assertThatRuntimeException().isThrownBy(other::takeAndStart);
		}
		await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("XNIO-") || thread.getName().startsWith("undertow-"))
			.collect(Collectors.toSet());
	}

}
