package io.gozd.it;

import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A stream of events outlives the swap, and ends between two events at its deadline.
 */
@ExtendWith(DaemonExtension.class)
class EventStreamIT {

	/** The stream must be heard after the swap, on a busy machine too. */
	private static final Duration LONG_AFTER_THE_SWAP = Duration.ofSeconds(15);

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@EachJava(inShortForm = false)
	void goesOnAfterTheSwapAndEndsCleanly(JavaHome java, Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons, LONG_AFTER_THE_SWAP).java(java));
		try (EventStreamClient stream = EventStreamClient.open(daemon)) {
			Swap swap = daemon.swap();
			stream.awaitFurtherEvent();
			try (EventStreamClient next = EventStreamClient.open(daemon)) {
				assertCleanEnd(stream, swap.old());
				daemon.awaitGone(swap.old(), LIMIT);
				next.awaitFurtherEvent();
				daemon.swap();
				assertCleanEnd(next, swap.successor());
			}
		}
	}

	@EachJava(inShortForm = false)
	void endsCleanlyWithTheDaemon(JavaHome java, Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons, Duration.ofSeconds(3)).java(java));
		try (EventStreamClient stream = EventStreamClient.open(daemon)) {
			long pid = daemon.pid();
			Signal.TERM.sendTo(pid);
			assertCleanEnd(stream, pid);
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		}
	}

	private static void assertCleanEnd(EventStreamClient stream, long pid) {
		String events = stream.awaitCleanEnd(LIMIT);
		assertThat(events).endsWith("\n\n");
		assertThat(events.strip().split("\n\n")).allMatch((event) -> event.startsWith("data:pid=" + pid + " "));
	}

	private static DaemonCommand command(Daemons daemons, Duration deadline) {
		return daemons.command()
			.arguments("--gozd.drain.sse-timeout=" + deadline.toSeconds() + "s")
			.keepAliveTimeout(Duration.ofSeconds(3))
			.probation(Duration.ofSeconds(1));
	}

}
