package io.gozd.it;

import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that has handlers of raw TCP, and no web server at all.
 */
@ExtendWith(DaemonExtension.class)
class NoWebServerIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** Long after the main thread has left. */
	private static final int LINES = 3;

	@Test
	void staysAliveIsSwappedAndEnds(Daemons daemons) throws Exception {
		assertThat(Server.among(daemons.sample("tcp-daemon").libraries())).isEmpty();
		DaemonCommand command = daemons.command("tcp-daemon").probation(Duration.ofMillis(500));
		Endpoint ticks = Endpoint.plain(FreePort.find());
		DirectivesFile.of(command)
			.write(ConfiguredDirective.at("lines", command.endpoint().port()),
					ConfiguredDirective.at("tcp_port", ticks.port()));
		command.answersLinesAt(command.endpoint());
		DaemonProcess daemon = daemons.start(command);
		try (TickStream stream = TickStream.open(ticks, "tcp_port");
				Load load = Load.start(LoadOptions.light(command.endpoint()), LineClient::new)) {
			stream.awaitFurther(LINES);
			Swap swap = daemon.swap();
			load.awaitAnswerOf(swap.successor());
			load.awaitFurtherAnswers(100);
			stream.awaitFurther(LINES);
			assertThat(stream.pid()).isEqualTo(swap.old());
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid().keySet()).containsExactlyInAnyOrder(swap.old(), swap.successor());
		}
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		daemon.awaitAlone(LIMIT);
		try (TickStream stream = TickStream.open(ticks, "tcp_port")) {
			stream.awaitFurther(LINES);
			assertThat(stream.pid()).isEqualTo(daemon.pid());
		}
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", LIMIT, () -> daemon.running().isEmpty());
	}

	@Test
	void endsWithTermBeforeAnySwap(Daemons daemons) {
		DaemonCommand command = daemons.command("tcp-daemon");
		DirectivesFile.of(command).write(ConfiguredDirective.at("lines", command.endpoint().port()));
		DaemonProcess daemon = daemons.start(command.answersLinesAt(command.endpoint()));
		Signal.TERM.sendTo(daemon.pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

}
