package io.gozd.it;

import java.time.Duration;
import java.util.regex.Pattern;

import io.gozd.it.fixture.EarlyLeaver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A successor that ends itself in good order before the daemon is its own: for the daemon
 * that is no better than a crash.
 */
@ExtendWith(DaemonExtension.class)
class LeavingSuccessorIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final Pattern REPORT = Pattern.compile("Reload failed:[\\s\\S]*leaves on purpose");

	/** Whatever it is told after that it does not do. */
	private static final Pattern GIVES_UP = Pattern.compile("This generation gives up: ");

	@ParameterizedTest
	@ValueSource(strings = { "exit", "application", "context" })
	void leavesTheDaemonToTheIncumbentOnProbation(String way, Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		LoadOptions options = LoadOptions.light(daemon.endpoint());
		try (Load load = Load.start(options)) {
			failToSwap(daemon, daemons.jar().variant().property("it.answers-first", "true"), way, () -> {
			});
			load.awaitAnswerToEach();
			LoadReport report = load.soFar();
			// Only what it had accepted may be lost, one request a client.
			assertThat(report.failureList()).as(report.toString())
				.allMatch(RequestFailure::isOnConnection)
				.noneMatch((failure) -> failure.kind().endsWith("timeout"));
			assertThat(report.failed()).as(report.toString()).isLessThanOrEqualTo(options.threads());
			assertThat(report.byGeneration().keySet()).containsExactly(1, 2);
			swap(daemon, daemons, load, report.failed());
		}
	}

	@Test
	void leavesTheDaemonToTheIncumbentThatIsAboutToCommit(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		faults.set("incumbent", 1, "prepared-received", "hold");
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			failToSwap(daemon, daemons.jar().variant().property("it.answers-first", "false"), "context", () -> {
				daemon.output().await(0, GIVES_UP, DaemonProcess.START_LIMIT);
				faults.clear();
			});
			swap(daemon, daemons, load, 0);
		}
	}

	private static void failToSwap(DaemonProcess daemon, JarVariant variant, String way, Runnable meanwhile) {
		long incumbent = daemon.pid();
		variant.configuration(EarlyLeaver.class).property("it.leave", way).writeTo(daemon.command().ownJar());
		int mark = daemon.output().mark();
		Signal.HUP.sendTo(incumbent);
		meanwhile.run();
		daemon.output().await(mark, REPORT, DaemonProcess.START_LIMIT);
		daemon.awaitAlone(LIMIT);
		assertThat(daemon.pid()).isEqualTo(incumbent);
		daemon.await("answer of " + incumbent, LIMIT, () -> daemon.get().pid() == incumbent);
	}

	private static void swap(DaemonProcess daemon, Daemons daemons, Load load, long lost) throws Exception {
		daemons.jar().variant().version("good").writeTo(daemon.command().ownJar());
		daemon.swap();
		assertThat(daemon.get().version()).isEqualTo("good");
		load.awaitFurtherAnswers(100);
		LoadReport report = load.stop();
		assertThat(report.failed()).as(report.toString()).isEqualTo(lost);
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.commandWithOwnJar().shortKeepAlive().probation(Duration.ofSeconds(10));
	}

}
