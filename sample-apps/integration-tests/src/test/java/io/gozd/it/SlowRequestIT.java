package io.gozd.it;

import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.GateController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A request that runs while its daemon is swapped.
 */
@ExtendWith(DaemonExtension.class)
class SlowRequestIT {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	@Test
	void isAnsweredByTheOldGenerationWhileFastOnesReachTheNew(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		try (SlowRequest slow = SlowRequest.start(daemon, daemon.command().home())) {
			Swap swap = daemon.swap();
			assertThat(slow.pid()).isEqualTo(swap.old());
			assertThat(daemon.get().pid()).isEqualTo(swap.successor());
			HttpAnswer answer = slow.finish();
			assertThat(answer.pid()).isEqualTo(swap.old());
			assertThat(answer.closesConnection()).isTrue();
			assertThat(slow.connection().isEnded()).isTrue();
			daemon.awaitGone(swap.old(), LIMIT);
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		}
	}

	@Test
	void holdsTheOldGenerationAsLongAsItRuns(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		try (SlowRequest slow = SlowRequest.start(daemon, daemon.command().home())) {
			Swap first = daemon.swap();
			Swap second = daemon.swap();
			daemon.awaitGone(second.old(), LIMIT);
			assertThat(new ProcessView(first.old()).runs()).isTrue();
			assertThat(slow.finish().pid()).isEqualTo(first.old());
			daemon.awaitGone(first.old(), LIMIT);
		}
	}

	@Test
	void isClosedAtTheExitTimeout(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons).arguments("--gozd.exit-timeout=3s"));
		try (SlowRequest slow = SlowRequest.start(daemon, daemon.command().home())) {
			Swap swap = daemon.swap();
			assertThat(slow.pid()).isEqualTo(swap.old());
			daemon.awaitGone(swap.old(), LIMIT);
			assertThat(daemon.get().pid()).isEqualTo(swap.successor());
		}
	}

	private static DaemonCommand command(Daemons daemons) {
		DaemonCommand command = daemons.command().probation(Duration.ofSeconds(1));
		return command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()));
	}

}
