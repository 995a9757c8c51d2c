package io.gozd.tomcat;

import java.net.BindException;
import java.net.ConnectException;
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
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

final class HandoverProtocolTests {

	@TempDir
	private Path directory;

	private EmbeddedTomcat tomcat;

	@BeforeEach
	void create() {
		this.tomcat = new EmbeddedTomcat(this.directory, List.of()).servlet("/", Servlets.word("first"));
	}

	@AfterEach
	void close() {
		this.tomcat.close();
	}

	@Test
	void nobodyIsAnsweredBeforeTheGateOpens() throws Exception {
		this.tomcat.takeAndStart();
		try (HttpSocket client = this.tomcat.connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			assertThat(this.tomcat.endpoints().openConnections()).isZero();
			this.tomcat.endpoints().open();
			assertThat(client.answer().body()).isEqualTo("first");
		}
	}

	@Test
	void aGateThatWasShutOpensAgain() throws Exception {
		this.tomcat.serve();
		try (HttpSocket before = this.tomcat.connect()) {
			before.get("/");
			this.tomcat.endpoints().stopAccepting((key) -> true);
			try (HttpSocket client = this.tomcat.connect()) {
				client.send("/");
				assertThat(client.isQuiet()).isTrue();
				assertThat(before.get("/").body()).as("what was accepted goes on").isEqualTo("first");
				this.tomcat.endpoints().open();
				assertThat(client.answer().body()).isEqualTo("first");
			}
		}
	}

	@Test
	void anotherAcceptorGetsWhatThisOneLeaves() throws Exception {
		this.tomcat.serve();
		int port = this.tomcat.port();
		try (EmbeddedTomcat successor = successor(); HttpSocket old = this.tomcat.connect()) {
			assertThat(old.get("/").body()).isEqualTo("first");
			this.tomcat.endpoints().stopAccepting((key) -> true);
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
	void anotherAcceptorServesOnWhenThisTomcatStops() throws Exception {
		this.tomcat.serve();
		int port = this.tomcat.port();
		try (EmbeddedTomcat successor = successor()) {
			successor.endpoints().open();
			this.tomcat.close();
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
		this.tomcat.serve();
		try (EmbeddedTomcat successor = successor()) {
			assertThat(successor.port()).isPositive().isEqualTo(this.tomcat.port());
		}
	}

	@Test
	void anyPortIsToldAsWhatItBecame() throws Exception {
		this.tomcat.serve();
		Listener listener = this.tomcat.listeners().open().get(0);
		assertThat(this.tomcat.port()).isPositive();
		assertThat(listener.address()).hasToString("/127.0.0.1:" + this.tomcat.port());
		assertThat(listener.key()).hasToString("tcp:127.0.0.1:0#server");
	}

	@Test
	void everyConnectorHasItsListener() throws Exception {
		Connector second = new Connector(new HandoverProtocol());
		this.tomcat.connector(second, 0).serve();
		assertThat(this.tomcat.listeners().open()).extracting((listener) -> listener.key().value())
			.containsExactlyInAnyOrder("tcp:127.0.0.1:0#server", "tcp:127.0.0.1:0#server-1");
		try (HttpSocket client = new HttpSocket(second.getLocalPort())) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
	}

	@Test
	void aClosedListenerRefuses() throws Exception {
		this.tomcat.serve();
		int port = this.tomcat.port();
		try (HttpSocket client = this.tomcat.connect()) {
			client.get("/");
			this.tomcat.endpoint().closeListener();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
			assertThat(client.get("/").body()).as("what was accepted goes on").isEqualTo("first");
			assertThat(this.tomcat.listeners().open()).isEmpty();
		}
	}

	@Test
	void tomcatStopsWhereItsListenerWasClosedBefore() throws Exception {
		this.tomcat.serve();
		this.tomcat.endpoint().closeListener();
		this.tomcat.close();
		await().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.endsWith("-Acceptor")));
	}

	@Test
	void tomcatStopsBehindAShutGate() throws Exception {
		this.tomcat.takeAndStart();
		int port = this.tomcat.port();
		this.tomcat.close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

	@Test
	void aConnectorThatIsPausedLeavesConnectionsInTheQueue() throws Exception {
		this.tomcat.serve();
		try (HttpSocket before = this.tomcat.connect()) {
			before.get("/");
		}
		this.tomcat.connector().pause();
		try (HttpSocket client = this.tomcat.connect()) {
			client.send("/");
			assertThat(client.isQuiet()).isTrue();
			this.tomcat.connector().resume();
			assertThat(client.answer().body()).isEqualTo("first");
		}
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aConnectorCanBeStoppedAndStartedAgain(boolean bindOnInit) throws Exception {
		this.tomcat.connector().setProperty("bindOnInit", Boolean.toString(bindOnInit));
		this.tomcat.serve();
		this.tomcat.connector().stop();
		this.tomcat.connector().start();
		try (HttpSocket client = this.tomcat.connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
		await().until(() -> this.tomcat.endpoints().openConnections() == 0);
	}

	@Test
	void whatWaitsInTheQueueIsServedBeforeItIsFoundEmpty() throws Exception {
		this.tomcat.takeAndStart();
		try (HttpSocket client = this.tomcat.connect()) {
			client.send("/");
			assertThat(this.tomcat.endpoint().stopAcceptingIfQueueIsEmpty()).isFalse();
			assertThat(client.answer().body()).isEqualTo("first");
			assertThat(this.tomcat.endpoint().stopAcceptingIfQueueIsEmpty()).isTrue();
			assertThat(this.tomcat.endpoints().openConnections()).isOne();
		}
	}

	@Test
	void aTerminationServesWhoIsThereAndRefusesWhoComes() throws Exception {
		this.tomcat.takeAndStart();
		int port = this.tomcat.port();
		BlockingQueue<DrainReport> reports = new LinkedBlockingQueue<>();
		try (HttpSocket client = new HttpSocket(port); HttpSocket other = new HttpSocket(port)) {
			client.send("/");
			other.send("/");
			new Drain(this.tomcat.endpoints(), DrainCause.TERMINATE, List.of(this.tomcat.endpoint()),
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
		this.tomcat.serve();
		try (EmbeddedTomcat other = new EmbeddedTomcat(this.directory, List.of()).port(this.tomcat.port())) {
			assertThatExceptionOfType(LifecycleException.class).isThrownBy(other::takeAndStart)
				.withRootCauseInstanceOf(BindException.class);
		}
	}

	@Test
	void whatNobodyTookIsTomcatsOwn() throws Exception {
		this.tomcat.start();
		int port = this.tomcat.port();
		try (HttpSocket client = this.tomcat.connect()) {
			HttpAnswer answer = client.get("/");
			assertThat(answer.body()).isEqualTo("first");
			assertThat(answer.headers("Connection")).isEmpty();
		}
		assertThat(this.tomcat.listeners().open()).isEmpty();
		assertThat(this.tomcat.endpoint()).isNull();
		this.tomcat.connector().pause();
		this.tomcat.connector().resume();
		try (HttpSocket client = this.tomcat.connect()) {
			assertThat(client.get("/").body()).isEqualTo("first");
		}
		this.tomcat.close();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> new HttpSocket(port));
	}

	private EmbeddedTomcat successor() throws Exception {
		InheritedListener inherited = PassedDescriptor.pass(this.tomcat.listeners().open().get(0), this.directory);
		return new EmbeddedTomcat(this.directory, List.of(inherited)).servlet("/", Servlets.word("second"))
			.takeAndStart();
	}

}
