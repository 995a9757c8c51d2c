package io.gozd.it;

import java.time.Duration;
import java.util.List;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.EventRecorder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the application is told, in which generation and in which order.
 */
@ExtendWith(DaemonExtension.class)
class EventsIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** Longer than a test takes. */
	private static final Duration NO_END = Duration.ofMinutes(5);

	private static final List<String> HANDED_OVER = List.of("drain by HANDOVER, REFUSING_TRAFFIC",
			"drained but for 0, REFUSING_TRAFFIC", "closed");

	private static final List<String> TERMINATED = List.of("drain by TERMINATE, REFUSING_TRAFFIC",
			"drained but for 0, REFUSING_TRAFFIC", "closed");

	@Test
	void tellOfAHandoverAndOfTheEnd(Daemons daemons) {
		DaemonCommand command = command(daemons).probation(Duration.ofSeconds(1));
		EventRecord events = EventRecord.of(command);
		DaemonProcess daemon = daemons.start(command);
		Swap swap = daemon.swap();
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		assertThat(events.ofDaemon(swap.old())).startsWith("took over as 1", "reload to 2")
			.endsWith(HANDED_OVER.toArray(String[]::new))
			.hasSize(2 + HANDED_OVER.size());
		events.await(daemon, swap.successor(), "took over");
		Signal.TERM.sendTo(swap.successor());
		daemon.awaitGone(swap.successor(), LIMIT);
		assertThat(events.ofDaemon(swap.successor())).startsWith("took over as 2")
			.endsWith(TERMINATED.toArray(String[]::new))
			.hasSize(1 + TERMINATED.size());
	}

	@Test
	void tellOfAReloadThatFailsEarly(Daemons daemons) {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		EventRecord events = EventRecord.of(command);
		DaemonProcess daemon = daemons.start(command);
		faults.set("successor", 2, "before-prepared", "kill");
		daemon.failToSwap(LIMIT);
		events.await(daemon, daemon.pid(), "reload failed");
		assertThat(events.ofDaemon(daemon.pid())).containsExactly("took over as 1", "reload to 2",
				"reload failed, ACCEPTING_TRAFFIC");
	}

	/** An end of the drain that is told is followed by that of the application. */
	@Test
	void tellOfARollback(Daemons daemons) {
		DaemonCommand command = command(daemons).probation(NO_END);
		EventRecord events = EventRecord.of(command);
		DaemonProcess daemon = daemons.start(command);
		Swap swap = daemon.swap();
		events.await(daemon, swap.old(), "drain by");
		Signal.KILL.sendTo(swap.successor());
		events.await(daemon, swap.old(), "reload failed");
		assertThat(events.ofDaemon(swap.successor())).isEmpty();
		Signal.TERM.sendTo(swap.old());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		assertThat(events.ofDaemon(swap.old()))
			.startsWith("took over as 1", "reload to 2", "drain by HANDOVER, REFUSING_TRAFFIC",
					"reload failed, ACCEPTING_TRAFFIC")
			.endsWith(TERMINATED.toArray(String[]::new))
			.hasSize(4 + TERMINATED.size());
	}

	@Test
	void healthIsThatOfTheDaemonWhileItDrainsAndAfterARollback(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).probation(NO_END);
		EventRecord events = EventRecord.of(command);
		DaemonProcess daemon = daemons.start(command);
		try (HttpConnection kept = daemon.open()) {
			assertThat(kept.exchange(HttpRequest.get(HealthWatch.READINESS)).status()).isEqualTo(200);
			Swap swap = daemon.swap();
			events.await(daemon, swap.old(), "drain by");
			assertThat(kept.exchange(HttpRequest.get(HealthWatch.READINESS)).status()).isEqualTo(200);
			assertThat(daemon.get(HealthWatch.READINESS).status()).isEqualTo(200);
			Signal.KILL.sendTo(swap.successor());
			events.await(daemon, swap.old(), "reload failed");
			assertThat(daemon.get(HealthWatch.READINESS).status()).isEqualTo(200);
			assertThat(daemon.get().pid()).isEqualTo(swap.old()).isEqualTo(daemon.pid());
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void tellThePortThatIsListenedOn(boolean anyPort, Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).probation(Duration.ofSeconds(1));
		if (anyPort) {
			command.anyPort();
		}
		EventRecord events = EventRecord.of(command);
		DaemonProcess daemon = daemons.launch(command);
		String first = events.await(daemon, daemon.first().pid(), "server port");
		if (anyPort) {
			command.reachedAt(Integer.parseInt(first.substring(first.lastIndexOf(' ') + 1)));
		}
		daemon.awaitServing();
		Swap swap = daemon.swap();
		int port = daemon.endpoint().port();
		for (long pid : List.of(swap.old(), swap.successor())) {
			assertThat(events.of(pid)).contains("server port " + port, "local port " + port);
		}
	}

	private static DaemonCommand command(Daemons daemons) {
		DaemonCommand command = daemons.command();
		return command.jar(daemons.jar().variant().configuration(EventRecorder.class).writeTo(command.ownJar()));
	}

}
