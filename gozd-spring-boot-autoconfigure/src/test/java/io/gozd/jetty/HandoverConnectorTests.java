package io.gozd.jetty;

import java.net.BindException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.DrainReport;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.tomcat.HttpSocket;
import io.gozd.tomcat.PassedDescriptor;
import io.gozd.tomcat.Servlets;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

final class HandoverConnectorTests {

	@TempDir
	private Path directory;

	private EmbeddedJetty jetty;

	@BeforeEach
	void create() {
		this.jetty = new EmbeddedJetty(List.of()).servlet("/", Servlets.word("first"));
	}

	@AfterEach
	void close() {
		this.jetty.close();
	}

	@Test
	void nobodyIsAnsweredBeforeTheGateOpens() throws Exception {
		this.jetty.takeAndStart();
		try (HttpSocket client = this.jetty.connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			assertThat(this.jetty.endpoints().openConnections()).isZero();
			this.jetty.endpoints().open();
			assertThat(client.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void aGateThatWasShutOpensAgain() throws Exception {
		this.jetty.serve();
		try (HttpSocket before = this.jetty.connect()) {
			before.get("/");
			this.jetty.endpoints().stopAccepting((key) -> true);
			try (HttpSocket client = this.jetty.connect()) {
				client.send("/");
				assertThat(client.isQuiet()).isTrue();
				assertThat(before.get("/").body()).as("what was accepted goes on").isEqualTo("first");
				this.jetty.endpoints().open();
				assertThat(client.answer().body()).isEqualTo("first");
			}
		}
	}

	@Test
	void anotherAcceptorGetsWhatThisOneLeaves() throws Exception {
		this.jetty.serve();
		int port = this.jetty.port();
		try (EmbeddedJetty successor = successor(); HttpSocket old = this.jetty.connect()) {
			assertThat(old.get("/").body()).isEqualTo("first");
			this.jetty.endpoints().stopAccepting((key) -> true);
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
	void anotherAcceptorServesOnWhenThisJettyStops() throws Exception {
		this.jetty.serve();
		int port = this.jetty.port();
		try (EmbeddedJetty successor = successor()) {
			successor.endpoints().open();
			this.jetty.close();
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
		this.jetty.serve();
		try (EmbeddedJetty successor = successor()) {
			assertThat(successor.port()).isPositive().isEqualTo(this.jetty.port());
		}
	}

	@Test
	void anyPortIsToldAsWhatItBecame() throws Exception {
		this.jetty.serve();
		Listener listener = this.jetty.listeners().open().get(0);
		assertThat(this.jetty.port()).isPositive();
		assertThat(listener.address()).hasToString("/127.0.0.1:" + this.jetty.port());
		assertThat(listener.key()).hasToString("tcp:127.0.0.1:0#server");
		assertThat(listener.backlog()).as("what the JDK makes of Jetty's default").isEqualTo(50);
	}

	@Test
	void everyConnectorHasItsListener() throws Exception {
		this.jetty.connector(new ServerConnector(this.jetty.server(), EmbeddedJetty.factories())).serve();
		assertThat(this.jetty.listeners().open()).extracting((listener) -> listener.key().value())
			.containsExactlyInAnyOrder("tcp:127.0.0.1:0#server", "tcp:127.0.0.1:0#server-1");
		ServerConnector second = (ServerConnector) this.jetty.server().getConnectors()[1];
		try (HttpSocket client = new HttpSocket(second.getLocalPort())) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void aDirectiveOfAUnixSocketIsServed() throws Exception {
		Path path = this.directory.resolve("web.sock");
		this.jetty.directive(UnixDomainSocketAddress.of(path))
			.servlet("/from", Servlets.answer((request) -> request.getRemoteAddr() + ":" + request.getRemotePort()))
			.serve();
		try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
			client.write(StandardCharsets.US_ASCII
				.encode("GET /from HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
			StringBuilder answer = new StringBuilder();
			ByteBuffer buffer = ByteBuffer.allocate(1024);
			while (client.read(buffer) >= 0) {
				answer.append(StandardCharsets.US_ASCII.decode(buffer.flip()));
				buffer.clear();
			}
			assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("127.0.0.1:0");
		}
		await().until(() -> this.jetty.endpoints().openConnections() == 0);
	}

	@Test
	void aClosedListenerRefuses() throws Exception {
		this.jetty.serve();
		int port = this.jetty.port();
		try (HttpSocket client = this.jetty.connect()) {
			client.get("/");
			this.jetty.endpoint().closeListener();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
			assertThat(client.get("/").body()).as("what was accepted goes on").isEqualTo("first");
			assertThat(this.jetty.listeners().open()).isEmpty();
		}
	}

	@Test
	void noThreadIsLeftWhereTheListenerWasClosedBefore() throws Exception {
		this.jetty.serve();
		this.jetty.endpoint().closeListener();
		this.jetty.close();
		assertNoAcceptor();
	}

	@Test
	void jettyStopsBehindAShutGate() throws Exception {
		this.jetty.takeAndStart();
		int port = this.jetty.port();
		this.jetty.close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
		assertNoAcceptor();
	}

	@Test
	void jettyStopsWhileALimitIsReached() throws Exception {
		this.jetty.server().addBean(new NetworkConnectionLimit(1, this.jetty.server().getConnectors()));
		this.jetty.serve();
		try (HttpSocket first = this.jetty.connect(); HttpSocket second = this.jetty.connect()) {
			first.get("/");
			second.send("/");
			assertThat(second.isQuiet()).as("the limit holds for the connector that has come in").isTrue();
			this.jetty.close();
		}
		assertNoAcceptor();
	}

	@Test
	void whatWaitsForALimitIsServedAtTheEnd() throws Exception {
		this.jetty.server().addBean(new NetworkConnectionLimit(1, this.jetty.server().getConnectors()));
		this.jetty.serve();
		try (HttpSocket first = this.jetty.connect(); HttpSocket second = this.jetty.connect()) {
			first.get("/");
			second.send("/");
			assertThat(second.isQuiet()).isTrue();
			this.jetty.endpoint().refuseNewcomers();
			assertThat(second.answer().body()).isEqualTo("first");
			assertThat(first.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void aConnectorThatStartsAgainDrainsNoMore() throws Exception {
		this.jetty.serve();
		this.jetty.draining(true);
		this.jetty.connector().stop();
		this.jetty.connector().start();
		try (HttpSocket client = this.jetty.connect()) {
			assertThat(client.get("/").headers("Connection")).isEmpty();
		}
	}

	@Test
	void aConnectorCanBeStoppedAndStartedAgain() throws Exception {
		this.jetty.serve();
		for (int i = 0; i < 3; i++) {
			this.jetty.connector().stop();
			assertThat(this.jetty.endpoint()).isNull();
			this.jetty.connector().start();
			assertThat(this.jetty.listeners().open()).hasSize(1);
			try (HttpSocket client = this.jetty.connect()) {
				assertThat(client.get("/").body()).isEqualTo("first");
			}
		}
		await().until(() -> this.jetty.endpoints().openConnections() == 0);
	}

	@Test
	void aConnectorThatIsShutDownHasNoListener() throws Exception {
		this.jetty.serve();
		int port = this.jetty.port();
		this.jetty.connector().shutdown().get(10, TimeUnit.SECONDS);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

	@Test
	void whatWaitsInTheQueueIsServedBeforeItIsFoundEmpty() throws Exception {
		this.jetty.takeAndStart();
		try (HttpSocket client = this.jetty.connect()) {
			client.send("/");
			assertThat(this.jetty.endpoint().stopAcceptingIfQueueIsEmpty()).isFalse();
			assertThat(client.answer().body()).isEqualTo("first");
			assertThat(this.jetty.endpoint().stopAcceptingIfQueueIsEmpty()).isTrue();
			assertThat(this.jetty.endpoints().openConnections()).isOne();
		}
	}

	@Test
	void aTerminationServesWhoIsThereAndRefusesWhoComes() throws Exception {
		this.jetty.takeAndStart();
		int port = this.jetty.port();
		BlockingQueue<DrainReport> reports = new LinkedBlockingQueue<>();
		try (HttpSocket client = new HttpSocket(port); HttpSocket other = new HttpSocket(port)) {
			client.send("/");
			other.send("/");
			new Drain(this.jetty.endpoints(), DrainCause.TERMINATE, List.of(this.jetty.endpoint()),
					Duration.ofMinutes(1), (drain, report) -> reports.add(report))
				.start();
			assertThat(client.answer().headers("Connection")).containsExactly("close");
			assertThat(other.answer().headers("Connection")).containsExactly("close");
			DrainReport report = reports.poll(10, TimeUnit.SECONDS);
			assertThat(report).isNotNull();
			assertThat(report.cut()).isZero();
		}
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

	@Test
	void aPortInUseIsToldAtTheStart() throws Exception {
		this.jetty.serve();
		try (EmbeddedJetty other = new EmbeddedJetty(List.of()).port(this.jetty.port())) {
			assertThatExceptionOfType(BindException.class).isThrownBy(other::takeAndStart);
			assertThat(other.endpoint()).isNull();
		}
	}

	private static void assertNoAcceptor() {
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.matches(".*-acceptor-\\d+@.*")));
	}

	private EmbeddedJetty successor() throws Exception {
		InheritedListener inherited = PassedDescriptor.pass(this.jetty.listeners().open().get(0), this.directory);
		return new EmbeddedJetty(List.of(inherited)).servlet("/", Servlets.word("second")).takeAndStart();
	}

}
