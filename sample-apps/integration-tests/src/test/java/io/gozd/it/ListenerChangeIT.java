package io.gozd.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.EventRecorder;
import io.gozd.it.fixture.GateController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The next generation is configured to listen elsewhere, or in another way.
 */
@ExtendWith(DaemonExtension.class)
class ListenerChangeIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** In that time the old port must be asked, on a busy machine too. */
	private static final Duration PROBATION = Duration.ofSeconds(20);

	private static final Duration NOT_ACCEPTED = Duration.ofMillis(700);

	@Test
	void oldPortIsAnsweredUntilTheDaemonIsTheSuccessors(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().shortKeepAlive().probation(PROBATION);
		PropertiesFile properties = PropertiesFile.of(command);
		Endpoint before = command.endpoint();
		properties.write(at("127.0.0.1", before.port()));
		DaemonProcess daemon = daemons.start(command);
		Endpoint after = move(command, properties);
		try (Load old = Load.start(LoadOptions.light(before)).expectingFailures()) {
			long begin = System.nanoTime();
			Swap swap = daemon.swap();
			assertThat(get(before).pid()).isEqualTo(swap.old());
			try (Load next = Load.start(LoadOptions.light(after))) {
				daemon.await("the end of the old port", LIMIT, () -> ConnectionTable.listening(before) == 0);
				daemon.await("a client that is refused", LIMIT, () -> !old.soFar().failures().isEmpty());
				daemon.awaitGone(swap.old(), LIMIT);
				next.awaitFurtherAnswers(200);
				LoadReport report = next.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid().keySet()).containsExactly(swap.successor());
			}
			LoadReport report = old.stop();
			assertThat(report.failures().keySet()).as(report.toString()).containsExactly(RequestFailure.REFUSED);
			assertThat(report.failureList()).allMatch((failure) -> failure.nanos() - begin > PROBATION.toNanos());
			assertThat(report.byPid().keySet()).containsExactly(swap.old());
		}
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	/** Two slow requests are all that the old generation takes at a time. */
	@Test
	void whatWaitsInTheQueueOfTheOldPortIsAnswered(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command()
			.arguments(daemons.jar().server().argument(ServerSetting.MAX_CONNECTIONS, 2))
			.probation(Duration.ofSeconds(1));
		command.jar(daemons.jar()
			.variant()
			.configuration(GateController.class, EventRecorder.class)
			.writeTo(command.ownJar()));
		EventRecord events = EventRecord.of(command);
		PropertiesFile properties = PropertiesFile.of(command);
		Endpoint before = command.endpoint();
		properties.write(at("127.0.0.1", before.port()));
		DaemonProcess daemon = daemons.start(command);
		try (SlowRequest first = SlowRequest.start(daemon, command.home());
				SlowRequest second = SlowRequest.start(daemon, command.home());
				HttpConnection waiting = HttpConnection.open(before, LIMIT)) {
			waiting.send(HttpRequest.get("/"));
			daemon.await("a connection in the queue", LIMIT, () -> ConnectionTable.waiting(before) == 1);
			move(command, properties);
			Swap swap = daemon.swap();
			events.await(daemon, swap.successor(), "took over");
			assertThat(first.finish().pid()).isEqualTo(swap.old());
			assertThat(waiting.receive().pid()).isEqualTo(swap.old());
			daemon.await("the end of the old port", LIMIT, () -> ConnectionTable.listening(before) == 0);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(before));
			assertThat(second.finish().pid()).isEqualTo(swap.old());
			daemon.awaitGone(swap.old(), LIMIT);
		}
	}

	@Test
	void addressIsWidenedAndNarrowedWithoutAGap(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().shortKeepAlive().probation(Duration.ofSeconds(1));
		PropertiesFile properties = PropertiesFile.of(command);
		Endpoint narrow = command.endpoint();
		Endpoint elsewhere = narrow.at("127.0.0.2");
		properties.write(at("127.0.0.1", narrow.port()));
		DaemonProcess daemon = daemons.start(command);
		try (Load load = Load.start(LoadOptions.light(narrow))) {
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(elsewhere));
			properties.write(at("0.0.0.0", narrow.port()));
			Swap widened = daemon.swap();
			daemon.awaitGone(widened.old(), LIMIT);
			assertThat(get(elsewhere).pid()).isEqualTo(widened.successor());
			load.awaitFurtherAnswers(100);
			properties.write(at("127.0.0.1", narrow.port()));
			Swap narrowed = daemon.swap();
			daemon.awaitGone(narrowed.old(), LIMIT);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> get(elsewhere));
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid().keySet()).containsExactlyInAnyOrder(widened.old(), widened.successor(),
					narrowed.successor());
		}
	}

	@Test
	@Needs(ServerTrait.BACKLOG)
	void queueIsAsLongAsTheSuccessorWantsIt(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().shortKeepAlive().probation(Duration.ofMillis(500));
		PropertiesFile properties = PropertiesFile.of(command);
		Server server = daemons.jar().server();
		properties.write(server.property(ServerSetting.BACKLOG, 12), at("127.0.0.1", command.endpoint().port()));
		DaemonProcess daemon = daemons.start(command);
		// The kernel lets one more in than it was told.
		assertThat(queued(daemon)).isEqualTo(13);
		properties.write(server.property(ServerSetting.BACKLOG, 4), at("127.0.0.1", command.endpoint().port()));
		daemon.swap();
		daemon.awaitAlone(LIMIT);
		assertThat(queued(daemon)).isEqualTo(5);
	}

	/** How many connections the kernel takes that nobody accepts. */
	private static int queued(DaemonProcess daemon) throws IOException {
		List<Socket> sockets = new ArrayList<>();
		Signal.STOP.sendTo(daemon.pid());
		try {
			while (true) {
				sockets.add(daemon.endpoint().connect(NOT_ACCEPTED));
			}
		}
		catch (SocketTimeoutException ex) {
			return sockets.size();
		}
		finally {
			Signal.CONT.sendTo(daemon.pid());
			for (Socket socket : sockets) {
				socket.close();
			}
		}
	}

	private static Endpoint move(DaemonCommand command, PropertiesFile properties) {
		int port = FreePort.find();
		properties.write(at("127.0.0.1", port));
		command.reachedAt(port);
		return command.endpoint();
	}

	private static String at(String address, int port) {
		return "server.address=" + address + "\nserver.port=" + port;
	}

	private static HttpAnswer get(Endpoint endpoint) throws IOException {
		try (HttpConnection connection = HttpConnection.open(endpoint, LIMIT)) {
			return connection.exchange(HttpRequest.get("/").onFreshConnection());
		}
	}

}
