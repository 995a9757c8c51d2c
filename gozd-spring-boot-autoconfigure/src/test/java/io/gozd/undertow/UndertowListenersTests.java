package io.gozd.undertow;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;

import io.gozd.drain.Endpoint;
import io.gozd.listener.Directive;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.Protocol;
import io.gozd.tomcat.HttpSocket;
import io.gozd.tomcat.PassedDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

final class UndertowListenersTests {

	@TempDir
	private Path directory;

	private EmbeddedUndertow undertow;

	@BeforeEach
	void create() {
		this.undertow = new EmbeddedUndertow(Paths.word("first"), List.of());
	}

	@AfterEach
	void close() {
		this.undertow.close();
	}

	@Test
	void thisUndertowIsOneOfThoseThatAreKnown() {
		assertThat(Hidden.isKnown()).isTrue();
		assertThat(NioConnections.isKnown()).isTrue();
		assertThat(this.undertow.take()).isNull();
	}

	@Test
	void aWorkerOfTheApplicationIsAnObstacleWithAWayOut() throws Exception {
		XnioWorker worker = Xnio.getInstance().createWorker(OptionMap.create(Options.THREAD_DAEMON, true));
		try {
			this.undertow.builder().setWorker(worker);
			assertThat(this.undertow.take()).contains("worker that the application has made")
				.endsWith("set the options of its worker");
			this.undertow.start();
			assertThat(this.undertow.undertows().started(this.undertow.undertow())).singleElement()
				.asString()
				.startsWith("The listener of Undertow on /127.0.0.1:");
		}
		finally {
			this.undertow.close();
			worker.shutdownNow();
		}
	}

	@Test
	void nobodyIsAnsweredBeforeTheGateOpens() throws Exception {
		this.undertow.take();
		this.undertow.start();
		try (HttpSocket client = this.undertow.connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			assertThat(this.undertow.endpoints().openConnections()).isZero();
			this.undertow.endpoints().open();
			assertThat(client.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void aGateThatWasShutOpensAgain() throws Exception {
		this.undertow.serve();
		try (HttpSocket before = this.undertow.connect()) {
			before.get("/");
			this.undertow.endpoints().stopAccepting((key) -> true);
			try (HttpSocket client = this.undertow.connect()) {
				client.send("/");
				assertThat(client.isQuiet()).isTrue();
				assertThat(before.get("/").body()).as("what was accepted goes on").isEqualTo("first");
				this.undertow.endpoints().open();
				assertThat(client.answer().body()).isEqualTo("first");
			}
		}
	}

	@Test
	void theGateOpensOnlyIfUndertowWantsConnectionsToo() throws Exception {
		this.undertow.serve();
		HandoverServer server = ((UndertowEndpoint) this.undertow.endpoint()).server();
		server.suspendAccepts();
		try (HttpSocket client = this.undertow.connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			server.resumeAccepts();
			assertThat(client.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void asManyConnectionsAreAcceptedAsUndertowAllows() throws Exception {
		this.undertow.builder().setSocketOption(Options.CONNECTION_HIGH_WATER, 1);
		this.undertow.builder().setSocketOption(Options.CONNECTION_LOW_WATER, 1);
		this.undertow.serve();
		try (HttpSocket first = this.undertow.connect(); HttpSocket second = this.undertow.connect()) {
			first.get("/");
			second.send("/");
			await().until(() -> this.undertow.endpoints().openConnections() == 1);
			assertThat(second.isQuiet()).isTrue();
			first.close();
			assertThat(second.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void anotherAcceptorGetsWhatThisOneLeaves() throws Exception {
		this.undertow.serve();
		int port = this.undertow.port();
		try (EmbeddedUndertow successor = successor(); HttpSocket old = this.undertow.connect()) {
			assertThat(successor.port()).as("an adopted listener has its port").isEqualTo(port);
			assertThat(old.get("/").body()).isEqualTo("first");
			this.undertow.endpoints().stopAccepting((key) -> true);
			try (HttpSocket client = new HttpSocket(port)) {
				client.send("/");
				assertThat(client.isQuiet()).isTrue();
				successor.endpoints().open();
				assertThat(client.answer().body()).isEqualTo("second");
			}
			assertThat(old.get("/").body()).as("a connection stays where it is").isEqualTo("first");
		}
	}

	@Test
	void anotherAcceptorServesOnWhenThisUndertowStops() throws Exception {
		this.undertow.serve();
		int port = this.undertow.port();
		try (EmbeddedUndertow successor = successor()) {
			successor.endpoints().open();
			this.undertow.close();
			for (int i = 0; i < 20; i++) {
				try (HttpSocket client = new HttpSocket(port)) {
					assertThat(client.get("/").body()).isEqualTo("second");
				}
			}
		}
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

	private EmbeddedUndertow successor() throws Exception {
		Listener listener = this.undertow.listeners().open().get(0);
		InheritedListener inherited = PassedDescriptor.pass(listener, this.directory);
		EmbeddedUndertow successor = new EmbeddedUndertow(Paths.word("second"), List.of(inherited));
		successor.take();
		return successor.start();
	}

	@Test
	void everyListenerIsOursAndDirectivesGetTheirOwn() throws Exception {
		this.undertow.directive(http("one")).directive(http("two"));
		this.undertow.serve();
		assertThat(this.undertow.listeners().open()).extracting((listener) -> listener.key().value())
			.containsExactlyInAnyOrder("tcp:127.0.0.1:0#server", "tcp:127.0.0.1:0#one", "tcp:127.0.0.1:0#two");
		for (int i = 0; i < 3; i++) {
			try (HttpSocket client = new HttpSocket(this.undertow.port(i))) {
				assertThat(client.get("/").body()).isEqualTo("first");
			}
		}
	}

	private static Directive http(String id) {
		return new Directive(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Protocol.HTTP,
				PosixFilePermissions.fromString("rw-rw-rw-"), 50, 100, null, null);
	}

	@Test
	void aClosedListenerRefuses() throws Exception {
		this.undertow.serve();
		int port = this.undertow.port();
		Endpoint endpoint = this.undertow.endpoint();
		try (HttpSocket client = this.undertow.connect()) {
			client.get("/");
			endpoint.closeListener();
			assertThat(endpoint.key()).isNull();
			assertThat(endpoint.lastKey()).hasToString("tcp:127.0.0.1:0#server");
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
			assertThat(client.get("/").body()).as("what was accepted goes on").isEqualTo("first");
			assertThat(this.undertow.listeners().open()).isEmpty();
		}
	}

	@Test
	void anUndertowThatStopsTakesItsThreadsWithItAndStartsAgain() throws Exception {
		Set<Thread> before = threads();
		this.undertow.serve();
		try (HttpSocket client = this.undertow.connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
		assertThat(threads()).hasSizeGreaterThan(before.size());
		XnioWorker worker = this.undertow.undertow().getWorker();
		this.undertow.stop();
		assertThat(this.undertow.all()).isEmpty();
		assertThat(worker.isTerminated()).isTrue();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> worker.execute(() -> {
			// Nobody does it.
		}));
		await().untilAsserted(() -> assertThat(threads()).isSubsetOf(before));
		this.undertow.start();
		try (HttpSocket client = this.undertow.connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void anUndertowThatCanNotListenLeavesNoThread() throws Exception {
		this.undertow.serve();
		Set<Thread> before = threads();
		EmbeddedUndertow other = new EmbeddedUndertow(Paths.word("other"), List.of());
		other.builder().addHttpListener(this.undertow.port(), "127.0.0.1");
		other.take();
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(other::start)
			.withRootCauseInstanceOf(BindException.class);
		other.close();
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
