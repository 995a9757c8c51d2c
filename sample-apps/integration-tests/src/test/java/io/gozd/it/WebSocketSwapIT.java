package io.gozd.it;

import java.net.http.HttpClient;
import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.EchoClient.Event;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A WebSocket outlives the swap, and ends with 1001 at its deadline.
 */
@ExtendWith(DaemonExtension.class)
class WebSocketSwapIT {

	private static final Duration SOON = Duration.ofSeconds(3);

	/** The connection must be used after the swap, on a busy machine too. */
	private static final Duration LONG_AFTER_THE_SWAP = Duration.ofSeconds(15);

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@EachJava(inShortForm = false)
	void goesOnAfterTheSwapAndIsToldToGoAway(JavaHome java, Daemons daemons) {
		DaemonProcess daemon = daemons.start(command(daemons, LONG_AFTER_THE_SWAP).java(java));
		try (EchoClient client = EchoClient.open(HttpClient.newHttpClient(), daemon.endpoint())) {
			assertThat(client.send("before")).matches((event) -> event.isEchoOf("before"));
			Swap swap = daemon.swap();
			assertThat(client.send("after")).matches((event) -> event.isEchoOf("after"));
			assertThat(new ProcessView(swap.old()).runs()).isTrue();
			assertThat(client.next(LIMIT)).matches(Event::isGoingAway);
			daemon.awaitGone(swap.old(), LIMIT);
		}
	}

	@EachJava(inShortForm = false)
	void isToldToGoAwayWhenTheDaemonEnds(JavaHome java, Daemons daemons) {
		DaemonProcess daemon = daemons.start(command(daemons, SOON).java(java));
		try (EchoClient client = EchoClient.open(HttpClient.newHttpClient(), daemon.endpoint())) {
			assertThat(client.send("before")).matches((event) -> event.isEchoOf("before"));
			Signal.TERM.sendTo(daemon.pid());
			assertThat(client.next(LIMIT)).matches(Event::isGoingAway);
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		}
	}

	@EachJava(inShortForm = false)
	void losesNoMessageOverSwaps(JavaHome java, Daemons daemons) {
		int clients = 8;
		DaemonProcess daemon = daemons.start(command(daemons, SOON).java(java));
		try (EchoLoad load = EchoLoad.start(daemon.endpoint(), clients)) {
			for (int i = 0; i < daemons.settings().swaps(); i++) {
				Swap swap = daemon.swap();
				daemon.awaitGone(swap.old(), LIMIT);
				load.awaitFurtherEchoesOfEach(10);
			}
			assertThat(load.stop()).as(load.toString()).isEmpty();
			assertThat(load.goneAway()).isEqualTo((long) clients * daemons.settings().swaps());
		}
	}

	private static DaemonCommand command(Daemons daemons, Duration deadline) {
		return daemons.command()
			.arguments("--gozd.drain.websocket-timeout=" + deadline.toMillis() + "ms")
			.probation(Duration.ofSeconds(1));
	}

}
