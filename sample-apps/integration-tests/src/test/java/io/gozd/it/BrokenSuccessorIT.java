package io.gozd.it;

import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A new version that is broken never gets the daemon, and the next good one does.
 */
@ExtendWith(DaemonExtension.class)
class BrokenSuccessorIT {

	private static final Duration RELOAD_TIMEOUT = Duration.ofSeconds(40);

	private static final Duration LIMIT = Duration.ofMinutes(2);

	@ParameterizedTest
	@EnumSource
	void leavesTheDaemonAsItIs(BrokenSuccessor broken, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.commandWithOwnJar().probation(Duration.ofSeconds(2));
		if (broken == BrokenSuccessor.HANGS) {
			command.arguments("--gozd.reload.timeout=" + RELOAD_TIMEOUT.toSeconds() + "s");
		}
		DaemonProcess daemon = daemons.start(command);
		long pid = daemon.pid();
		LoadOptions options = LoadOptions.light(daemon.endpoint());
		try (Load load = Load.start(options)) {
			broken.write(daemons.jar(), command.ownJar());
			int mark = daemon.output().mark();
			daemon.failToSwap(LIMIT);
			daemon.output().await(mark, broken.report(), LIMIT);
			load.awaitAnswerToEach();
			assertThat(daemon.pid()).isEqualTo(pid);
			assertThat(daemon.running()).containsExactly(pid);
			assertLosses(broken, load.soFar(), options.threads());
			long lost = load.soFar().failed();

			daemons.jar().variant().version("good").writeTo(command.ownJar());
			Swap swap = daemon.swap();
			assertThat(swap.old()).isEqualTo(pid);
			assertThat(daemon.get().version()).isEqualTo("good");
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failed()).as(report.toString()).isEqualTo(lost);
		}
	}

	/** Only what a dead process had accepted may be lost, one request a client. */
	private static void assertLosses(BrokenSuccessor broken, LoadReport report, int clients) {
		if (broken == BrokenSuccessor.DIES_IN_PROBATION) {
			assertThat(report.failureList()).as(report.toString()).allMatch(RequestFailure::isOnConnection);
			assertThat(report.failed()).as(report.toString()).isLessThanOrEqualTo(clients);
		}
		else {
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
	}

}
