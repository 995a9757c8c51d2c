package io.gozd.server;

import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.DrainReport;
import io.gozd.drain.Endpoint;
import io.gozd.listener.Directive;
import io.gozd.listener.Listener;
import io.gozd.listener.Protocol;
import io.gozd.tomcat.HttpSocket;
import io.gozd.tomcat.PassedDescriptor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;
import static org.awaitility.Awaitility.await;

/**
 * What {@link Endpoint} promises of a listener: whose it is, who accepts from it and
 * when, and that nobody in its queue is lost.
 *
 * @param <S> the server
 */
public abstract class ListenerContract<S extends EmbeddedServer<S>> extends ServerContract<S> {

	@Test
	void nobodyIsAnsweredBeforeTheGateOpens() throws Exception {
		server().takeAndStart();
		try (HttpSocket client = server().connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			assertThat(server().endpoints().openConnections()).isZero();
			server().endpoints().open();
			assertThat(client.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void aGateThatWasShutOpensAgain() throws Exception {
		server().serve();
		try (HttpSocket before = server().connect()) {
			before.get("/");
			server().endpoints().stopAccepting((key) -> true);
			try (HttpSocket client = server().connect()) {
				client.send("/");
				assertThat(client.isQuiet()).isTrue();
				assertThat(before.get("/").body()).as("what was accepted goes on").isEqualTo("first");
				server().endpoints().open();
				assertThat(client.answer().body()).isEqualTo("first");
			}
		}
	}

	@Test
	void anotherAcceptorGetsWhatThisOneLeaves() throws Exception {
		server().serve();
		int port = server().port();
		try (S successor = successor(); HttpSocket old = server().connect()) {
			assertThat(old.get("/").body()).isEqualTo("first");
			server().endpoints().stopAccepting((key) -> true);
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
	void anotherAcceptorServesOnWhenThisServerStops() throws Exception {
		server().serve();
		int port = server().port();
		try (S successor = successor()) {
			successor.endpoints().open();
			server().close();
			for (int i = 0; i < 20; i++) {
				try (HttpSocket client = new HttpSocket(port)) {
					assertThat(client.get("/").body()).isEqualTo("second");
				}
			}
		}
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

	@Test
	void anAdoptedListenerHasTheLocalPortOfItsSocket() throws Exception {
		server().serve();
		try (S successor = successor()) {
			assertThat(successor.port()).isPositive().isEqualTo(server().port());
		}
	}

	@Test
	void anyPortIsToldAsWhatItBecame() throws Exception {
		server().serve();
		assertThat(server().port()).isPositive();
		assertThat(server().listeners().open()).singleElement()
			.satisfies((listener) -> assertThat(listener.address()).hasToString("/127.0.0.1:" + server().port()))
			.satisfies((listener) -> assertThat(listener.key()).hasToString("tcp:127.0.0.1:0#server"));
	}

	@Test
	void everyDirectiveHasAListenerOfItsOwn() throws Exception {
		server().directive(http("one")).directive(http("two")).serve();
		assertThat(server().listeners().open()).extracting((listener) -> listener.key().value())
			.containsExactlyInAnyOrder("tcp:127.0.0.1:0#server", "tcp:127.0.0.1:0#one", "tcp:127.0.0.1:0#two");
		for (Listener listener : server().listeners().open()) {
			try (HttpSocket client = new HttpSocket(((InetSocketAddress) listener.address()).getPort())) {
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
		server().serve();
		int port = server().port();
		try (HttpSocket client = server().connect()) {
			client.get("/");
			server().endpoint().closeListener();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
			assertThat(client.get("/").body()).as("what was accepted goes on").isEqualTo("first");
			assertThat(server().listeners().open()).isEmpty();
		}
	}

	@Test
	void aServerWhoseListenerWasClosedBeforeStopsWithoutAThreadLeft() throws Exception {
		server().serve();
		await().untilAsserted(() -> assertThat(threads()).anyMatch(server()::isAcceptor));
		server().endpoint().closeListener();
		server().close();
		assertNoAcceptor();
	}

	@Test
	void aServerStopsBehindAShutGate() throws Exception {
		server().takeAndStart();
		int port = server().port();
		server().close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
		assertNoAcceptor();
	}

	protected final void assertNoAcceptor() {
		await().untilAsserted(() -> assertThat(threads()).noneMatch(server()::isAcceptor));
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
	}

	@Test
	void whatAServerHasStoppedIsNoEndpointAnyMore() throws Exception {
		server().serve();
		assertThat(server().all()).hasSize(1);
		server().close();
		assertThat(server().all()).isEmpty();
		assertThat(server().endpoints().openConnections()).isZero();
	}

	@Test
	void whatWaitsInTheQueueIsServedBeforeItIsFoundEmpty() throws Exception {
		server().takeAndStart();
		try (HttpSocket client = server().connect()) {
			client.send("/");
			assertThat(server().endpoint().stopAcceptingIfQueueIsEmpty()).isFalse();
			assertThat(client.answer().body()).isEqualTo("first");
			assertThat(server().endpoint().stopAcceptingIfQueueIsEmpty()).isTrue();
			assertThat(server().endpoints().openConnections()).isOne();
		}
	}

	@Test
	void aTerminationServesWhoIsThereAndRefusesWhoComes() throws Exception {
		server().takeAndStart();
		int port = server().port();
		BlockingQueue<DrainReport> reports = new LinkedBlockingQueue<>();
		try (HttpSocket client = new HttpSocket(port); HttpSocket other = new HttpSocket(port)) {
			client.send("/");
			other.send("/");
			new Drain(server().endpoints(), DrainCause.TERMINATE, server().all(), Duration.ofMinutes(1),
					(drain, report) -> reports.add(report))
				.start();
			assertThat(client.answer().headers("Connection")).containsExactly("close");
			assertThat(other.answer().headers("Connection")).containsExactly("close");
		}
		assertThat(reports.poll(10, TimeUnit.SECONDS)).isNotNull().returns(0, DrainReport::cut);
		assertThat(server().listeners().open()).isEmpty();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

	@Test
	void aPortInUseIsToldAtTheStart() throws Exception {
		server().serve();
		try (S other = create(Script.of("other"), directory(), List.of()).port(server().port())) {
			assertThatException().isThrownBy(other::takeAndStart)
				.extracting(ListenerContract::root, THROWABLE)
				.isInstanceOf(BindException.class);
			assertThat(other.all()).isEmpty();
		}
	}

	private static Throwable root(Throwable thrown) {
		return (thrown.getCause() != null) ? root(thrown.getCause()) : thrown;
	}

	/** Another server on the same listener, behind a shut gate. */
	private S successor() throws Exception {
		Listener listener = server().listeners().open().get(0);
		return create(Script.of("second"), directory(), List.of(PassedDescriptor.pass(listener, directory())))
			.takeAndStart();
	}

}
