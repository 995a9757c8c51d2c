package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One of the two processes is killed, or hangs, at a named step of the handover.
 */
@ExtendWith(DaemonExtension.class)
class FaultIT {

	private static final Duration RELOAD_TIMEOUT = Duration.ofSeconds(40);

	private static final Duration PROBATION = Duration.ofSeconds(2);

	/** A start, the reload timeout, a probation, and the time to be seen. */
	private static final Duration LIMIT = Duration.ofMinutes(2);

	/** How a process that KILL has ended is told of: 128 and the signal. */
	private static final int KILLED = 137;

	/** Up to here nobody but the incumbent has accepted. */
	private static final List<String> SUCCESSOR_WITH_SHUT_GATES = List.of("before-hello", "hello-sent",
			"table-received", "before-prepared", "prepared-sent", "commit-received");

	private static final List<String> SUCCESSOR_WITH_OPEN_GATES = List.of("gates-open", "took-over", "accepting-sent");

	/** Up to here nobody but the incumbent has the listeners. */
	private static final Set<String> INCUMBENT_ALONE = Set.of("successor-started", "hello-received");

	private static final List<String> INCUMBENT = List.of("successor-started", "hello-received", "table-sent",
			"prepared-received", "commit-sent", "accepting-received", "accept-stopped", "owner-sent", "draining");

	@Test
	void successorIsKilledBeforeItAccepts(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			for (String step : SUCCESSOR_WITH_SHUT_GATES) {
				killSuccessor(daemon, faults, step);
				LoadReport report = load.soFar();
				assertThat(report.failures()).as(step + ": " + report).isEmpty();
				load.awaitFurtherAnswers(100);
				if (isFollowedBySwap(daemons, step, SUCCESSOR_WITH_SHUT_GATES)) {
					swapAfter(daemon, faults, load);
				}
			}
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
	}

	@Test
	void successorIsKilledWhenItAccepts(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		for (String step : SUCCESSOR_WITH_OPEN_GATES) {
			LoadOptions options = LoadOptions.light(daemon.endpoint());
			try (Load load = Load.start(options)) {
				killSuccessor(daemon, faults, step);
				load.awaitAnswerToEach();
				assertLossesOfOne(step, load.soFar(), options.threads());
				long lost = load.soFar().failed();
				load.awaitFurtherAnswers(100);
				if (isFollowedBySwap(daemons, step, SUCCESSOR_WITH_OPEN_GATES)) {
					swapAfter(daemon, faults, load);
				}
				LoadReport report = load.stop();
				assertThat(report.failed()).as(step + ": " + report).isEqualTo(lost);
			}
		}
	}

	/** In the short form one good HUP follows all the failures. */
	private static boolean isFollowedBySwap(Daemons daemons, String step, List<String> steps) {
		return daemons.settings().full() || steps.indexOf(step) == steps.size() - 1;
	}

	private void killSuccessor(DaemonProcess daemon, FaultFile faults, String step) throws IOException {
		long incumbent = daemon.pid();
		faults.set("successor", daemon.get().generation() + 1, step, "kill");
		daemon.failToSwap(LIMIT);
		daemon.awaitAlone(LIMIT);
		assertThat(daemon.pid()).as(step).isEqualTo(incumbent);
		awaitServedBy(daemon, incumbent, step);
	}

	private void swapAfter(DaemonProcess daemon, FaultFile faults, Load load) {
		faults.clear();
		daemon.swap();
		load.awaitFurtherAnswers(100);
		// Otherwise the next HUP is one within the probation.
		daemon.awaitAlone(LIMIT);
	}

	/** The daemon is the successor's by then, and dies with it, as any daemon does. */
	@Test
	void successorIsKilledWhenTheDaemonIsItsOwn(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		faults.set("successor", 2, "owner", "kill");
		Signal.HUP.sendTo(daemon.pid());
		// As its successor, if it hears of that end before its own.
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isIn(0, KILLED);
		daemon.await("end of all", LIMIT, () -> daemon.running().isEmpty());
		// Its last thread has the listeners, and nobody can open them again.
		daemon.await("nobody listens", LIMIT, () -> ConnectionTable.listening(daemon.endpoint()) == 0);
		faults.clear();
		DaemonProcess again = daemons.start(command);
		again.swap();
	}

	@Test
	void incumbentIsKilled(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		for (String step : INCUMBENT) {
			// It may be killed when its successor has just been started.
			LoadOptions options = LoadOptions.light(daemon.endpoint()).waitingForStart();
			try (Load load = Load.start(options)) {
				long incumbent = daemon.pid();
				faults.set("incumbent", daemon.get().generation(), step, "kill");
				Signal.HUP.sendTo(incumbent);
				daemon.awaitGone(incumbent, LIMIT);
				daemon.await(step + ": another pid in the pid file", LIMIT, () -> daemon.pid() != incumbent);
				awaitServedBy(daemon, daemon.pid(), step);
				load.awaitFurtherAnswers(100);
				daemon.awaitAlone(LIMIT);
				LoadReport report = load.stop();
				if (INCUMBENT_ALONE.contains(step)) {
					assertThat(report.failureList()).as(step + ": " + report)
						.filteredOn((failure) -> !failure.isOnConnection())
						.allMatch((failure) -> failure.kind().equals(RequestFailure.REFUSED));
				}
				else {
					assertLossesOfOne(step, report, options.threads());
				}
			}
		}
		faults.clear();
		daemon.swap();
	}

	static List<String> stepsOfHangingSuccessor() {
		return SuiteSettings.fromSystemProperties().full()
				? List.of("before-hello", "before-prepared", "commit-received", "gates-open")
				: List.of("commit-received", "gates-open");
	}

	@ParameterizedTest
	@MethodSource("stepsOfHangingSuccessor")
	void successorHangs(String step, Daemons daemons) {
		DaemonCommand command = impatient(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		long incumbent = daemon.pid();
		faults.set("successor", 2, step, "hang");
		LoadOptions options = LoadOptions.light(daemon.endpoint());
		try (Load load = Load.start(options)) {
			daemon.failToSwap(LIMIT);
			daemon.awaitAlone(LIMIT);
			assertThat(daemon.pid()).isEqualTo(incumbent);
			awaitServedBy(daemon, incumbent, step);
			load.awaitAnswerToEach();
			if (step.equals("gates-open")) {
				assertLossesOfOne(step, load.soFar(), options.threads());
			}
			else {
				assertThat(load.soFar().failures()).as(load.soFar().toString()).isEmpty();
			}
			long lost = load.soFar().failed();
			faults.clear();
			daemon.swap();
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failed()).as(report.toString()).isEqualTo(lost);
		}
	}

	/** A thread that hangs can't be mended: what still works must go on. */
	@ParameterizedTest
	@ValueSource(strings = { "hello-received", "prepared-received" })
	void incumbentHangsBeforeItCommits(String step, Daemons daemons) {
		DaemonCommand command = impatient(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		long incumbent = daemon.pid();
		faults.set("incumbent", 1, step, "hang");
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			Signal.HUP.sendTo(incumbent);
			daemon.await(step + ": a successor", LIMIT, () -> daemon.running().size() > 1);
			daemon.awaitAlone(LIMIT.multipliedBy(2));
			assertThat(daemon.pid()).isEqualTo(incumbent);
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "accept-stopped", "draining" })
	void incumbentHangsWhenTheSuccessorAccepts(String step, Daemons daemons) {
		DaemonCommand command = impatient(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		faults.set("incumbent", 1, step, "hang");
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			Swap first = daemon.swap();
			assertThat(daemon.swap().old()).isEqualTo(first.successor());
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
	}

	@Test
	void incumbentHangsWhenItHasCommitted(Daemons daemons) {
		DaemonCommand command = impatient(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		faults.set("incumbent", 1, "commit-sent", "hang");
		LoadOptions options = LoadOptions.light(daemon.endpoint());
		try (Load load = Load.start(options)) {
			Signal.HUP.sendTo(daemon.pid());
			daemon.await("a successor", LIMIT, () -> daemon.running().size() > 1);
			// Both accept until one of them has ended the other.
			daemon.awaitAlone(LIMIT.multipliedBy(2));
			awaitServedBy(daemon, daemon.pid(), "commit-sent");
			load.awaitAnswerToEach();
			assertLossesOfOne("commit-sent", load.stop(), options.threads());
		}
	}

	private static void awaitServedBy(DaemonProcess daemon, long pid, String step) {
		daemon.await(step + ": answer of " + pid, LIMIT, () -> daemon.get().pid() == pid);
	}

	/** What one process had accepted when it died: at most a request of each client. */
	private static void assertLossesOfOne(String step, LoadReport report, int clients) {
		assertThat(report.failureList()).as(step + ": " + report)
			.allMatch(RequestFailure::isOnConnection)
			.noneMatch((failure) -> failure.kind().endsWith("timeout"));
		assertThat(report.failed()).as(step + ": " + report).isLessThanOrEqualTo(clients);
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().shortKeepAlive().probation(PROBATION);
	}

	private static DaemonCommand impatient(Daemons daemons) {
		return command(daemons).arguments("--gozd.reload.timeout=" + RELOAD_TIMEOUT.toSeconds() + "s");
	}

}
