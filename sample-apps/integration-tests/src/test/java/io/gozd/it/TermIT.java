package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

import io.gozd.it.LoadOptions.Mode;
import io.gozd.it.fixture.GateController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of a daemon.
 */
@ExtendWith(DaemonExtension.class)
class TermIT {

	/** Far less than what a drain may take. */
	private static final Duration AT_ONCE = Duration.ofSeconds(15);

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final Pattern STARTING = Pattern.compile("Starting \\S+ .*using Java");

	@EachJava
	void breaksNothingThatWasAccepted(JavaHome java, Daemons daemons) {
		DaemonCommand command = daemons.command().java(java).inProduction();
		endUnderLoad(daemons, command, LoadOptions.full(command.endpoint(), Mode.MIXED).thinking(Duration.ZERO));
	}

	/** A handshake that is cut is a connection that was accepted. */
	@EachJava(inShortForm = false)
	void breaksNothingThatWasAcceptedThroughTls(JavaHome java, Daemons daemons) {
		DaemonCommand command = daemons.command().java(java).inProduction();
		command.secured(Tls.generate(java, command.home()));
		endUnderLoad(daemons, command, LoadOptions.full(command.endpoint(), Mode.MIXED).thinking(Duration.ofMillis(5)));
	}

	private static void endUnderLoad(Daemons daemons, DaemonCommand command, LoadOptions options) {
		DaemonProcess daemon = daemons.start(command.shortKeepAlive());
		try (Load load = Load.start(options).expectingFailures()) {
			load.awaitFurtherAnswers(2000);
			assertThat(load.soFar().failures()).isEmpty();
			Signal.TERM.sendTo(daemon.pid());
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
			LoadReport report = load.stop();
			assertThat(report.failures().keySet()).as(report.toString()).containsExactly(RequestFailure.REFUSED);
		}
		assertThat(daemon.running()).isEmpty();
		assertThat(daemon.pidFile()).doesNotExist();
		assertThat(daemon.controlSocket()).doesNotExist();
	}

	@Test
	void answersWhatRuns(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		try (SlowRequest slow = SlowRequest.start(daemon, daemon.command().home());
				HttpConnection idle = daemon.open()) {
			idle.exchange(HttpRequest.get("/"));
			Signal.TERM.sendTo(daemon.pid());
			daemon.await("closed listener", LIMIT, () -> ConnectionTable.listening(daemon.endpoint()) == 0);
			assertThat(idle.exchange(HttpRequest.get("/")).closesConnection()).isTrue();
			assertThat(slow.finish().status()).isEqualTo(200);
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TERM,TERM", "TERM,INT", "INT,INT" })
	void endsAtOnceWhenToldTwice(Signal first, Signal second, Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		try (SlowRequest slow = SlowRequest.start(daemon, daemon.command().home())) {
			long pid = slow.pid();
			first.sendTo(pid);
			daemon.await("closed listener", LIMIT, () -> ConnectionTable.listening(daemon.endpoint()) == 0);
			assertThat(daemon.first().isAlive()).isTrue();
			second.sendTo(pid);
			assertThat(daemon.awaitExitOfFirst(AT_ONCE)).isNotZero();
		}
	}

	@Test
	void closesIdleConnectionsOnInterruptAndAnswersWhatRuns(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		try (SlowRequest slow = SlowRequest.start(daemon, daemon.command().home());
				HttpConnection idle = HttpConnection.open(daemon.endpoint(), AT_ONCE)) {
			idle.exchange(HttpRequest.get("/"));
			Signal.INT.sendTo(daemon.pid());
			assertThat(idle.isEnded()).isTrue();
			assertThat(daemon.first().isAlive()).isTrue();
			assertThat(slow.finish().status()).isEqualTo(200);
			assertThat(daemon.awaitExitOfFirst(AT_ONCE)).isZero();
		}
	}

	@Test
	void endsAStartThatIsNotYetOver(Daemons daemons) {
		DaemonProcess daemon = daemons.launch(daemons.command());
		daemon.output().await(0, STARTING, DaemonProcess.START_LIMIT);
		Signal.TERM.sendTo(daemon.first().pid());
		daemon.awaitExitOfFirst(LIMIT);
		assertThat(daemon.running()).isEmpty();
		assertThat(daemon.pidFile()).doesNotExist();
	}

	@Test
	void leavesNothingInTheWayOfTheNextStart(Daemons daemons) throws IOException {
		DaemonCommand command = daemons.command();
		DaemonProcess daemon = daemons.start(command);
		Signal.KILL.sendTo(daemon.pid());
		daemon.awaitExitOfFirst(LIMIT);
		DaemonProcess again = daemons.start(command);
		assertThat(again.get().pid()).isEqualTo(again.pid()).isEqualTo(again.first().pid());
		again.swap();
	}

	private static DaemonCommand command(Daemons daemons) {
		DaemonCommand command = daemons.command();
		return command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()));
	}

}
