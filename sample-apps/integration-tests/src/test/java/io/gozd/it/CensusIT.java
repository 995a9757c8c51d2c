package io.gozd.it;

import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing grows from generation to generation: descriptors, threads, zombies, files.
 */
@ExtendWith(DaemonExtension.class)
class CensusIT {

	private static final Duration SETTLED = Duration.ofMinutes(1);

	@EachJava(inShortForm = false)
	void isFlatOverSwaps(JavaHome java, Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons).java(java));
		// The first generation was not handed anything: the second one is the measure.
		swap(daemon);
		Census second = Census.settled(daemon);
		for (int i = 0; i < daemons.settings().swaps(); i++) {
			swap(daemon);
			assertThat(Census.settled(daemon)).isEqualTo(second);
		}
		assertThat(second.zombies()).isZero();
	}

	@EachJava(inShortForm = false)
	void isFlatAfterLoad(JavaHome java, Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons).java(java));
		swap(daemon);
		Census before = underLoad(daemon, 0);
		Census after = underLoad(daemon, daemons.settings().swaps());
		assertThat(after).isEqualTo(before);
	}

	private Census underLoad(DaemonProcess daemon, int swaps) throws Exception {
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			for (int i = 0; i < swaps; i++) {
				swap(daemon);
			}
			load.awaitFurtherAnswers(500);
			assertThat(load.stop().failures()).isEmpty();
		}
		daemon.await("end of every connection", SETTLED, () -> ConnectionTable.established(daemon.endpoint()) == 0);
		return Census.settled(daemon).withoutServerThreads();
	}

	private void swap(DaemonProcess daemon) {
		Swap swap = daemon.swap();
		daemon.awaitGone(swap.old(), SETTLED);
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().shortKeepAlive().probation(Duration.ofMillis(500));
	}

}
