package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.GateController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Signals at awkward moments, and where they can't be had.
 */
@ExtendWith(DaemonExtension.class)
class SignalsIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final Pattern STARTING = Pattern.compile("Starting \\S+ .*using Java");

	private static final Pattern STARTED = Pattern.compile("Started \\S+ in ");

	private static final Pattern FAILED = Pattern.compile("Reload failed:.*");

	/** The kernel may have made fewer than three of them. */
	@Test
	void threeHangupsAtOnceAreOneReloadOrTwo(Daemons daemons) throws Exception {
		assertThat(generationAfter(daemons, (pid) -> HangupVolley.sendAtOnce(pid, 3))).isBetween(2, 3);
	}

	@Test
	void threeHangupsInARowAreOneReloadAndOneMore(Daemons daemons) throws Exception {
		assertThat(generationAfter(daemons, (pid) -> HangupVolley.sendEach(pid, 3))).isEqualTo(3);
	}

	/** At any time one or two that accept, in the end one, and nothing lost. */
	private static int generationAfter(Daemons daemons, Volley volley) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		long first = daemon.pid();
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			int mark = daemon.output().mark();
			volley.send(first);
			daemon.awaitSwap(mark, first);
			// Between two reloads there may be one process for a moment.
			daemon.await("a daemon that owes no reload", LIMIT.multipliedBy(2), () -> owesNoReload(daemon));
			daemon.awaitAlone(LIMIT);
			load.awaitFurtherAnswers(200);
			load.awaitAnswerOf(daemon.pid());
			int last = daemon.get().generation();
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byGeneration().keySet())
				.containsExactlyElementsOf(IntStream.rangeClosed(1, last).boxed().toList());
			return last;
		}
	}

	/** A generation that is owed one begins it as soon as the daemon is its own. */
	private static boolean owesNoReload(DaemonProcess daemon) throws IOException {
		try (ControlClient client = ControlClient.connect(daemon.controlSocket())) {
			client.sendFrame("gozd/1 STATUS\n");
			List<String> fields = client.readToEnd(LIMIT).lines().toList();
			return fields.contains("state: serving") && fields.stream().anyMatch((field) -> field.startsWith("since: "))
					&& !fields.contains("reload: running");
		}
	}

	@Test
	void hangupDuringTheBootIsRemembered(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.launch(command(daemons));
		daemon.output().await(0, STARTING, DaemonProcess.START_LIMIT);
		long first = daemon.first().pid();
		Signal.HUP.sendTo(first);
		daemon.awaitServing();
		Swap swap = daemon.awaitSwap(0, first);
		HttpAnswer answer = daemon.get();
		assertThat(answer.pid()).isEqualTo(swap.successor()).isNotEqualTo(first);
		assertThat(answer.generation()).isEqualTo(2);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	@Test
	void threeGenerationsAreAliveWhenTwoOfThemDrain(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.start(gated(daemons));
		try (SlowRequest first = slow(daemon)) {
			daemon.swap();
			try (SlowRequest second = slow(daemon)) {
				Swap swap = daemon.swap();
				assertThat(List.of(first.pid(), second.pid(), swap.successor())).doesNotHaveDuplicates();
				assertThat(daemon.running()).containsExactlyInAnyOrder(first.pid(), second.pid(), swap.successor());
				assertThat(second.finish().pid()).isEqualTo(swap.old());
				assertThat(first.finish().pid()).isEqualTo(daemon.first().pid());
			}
		}
		daemon.awaitAlone(LIMIT);
	}

	@Test
	void theOldestGenerationEndsWhenThereAreTooMany(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.start(gated(daemons).arguments("--gozd.reload.max-generations=2"));
		try (SlowRequest first = slow(daemon)) {
			daemon.swap();
			try (SlowRequest second = slow(daemon)) {
				assertThat(new ProcessView(first.pid()).runs()).isTrue();
				Swap swap = daemon.swap();
				daemon.awaitGone(first.pid(), LIMIT);
				assertThat(daemon.running()).containsExactlyInAnyOrder(swap.old(), swap.successor());
				assertThat(second.finish().pid()).isEqualTo(swap.old());
			}
		}
		daemon.awaitAlone(LIMIT);
	}

	/** The successor has said what the fault names, and waits there. */
	@ParameterizedTest
	@ValueSource(strings = { "before-hello", "before-prepared", "commit-received" })
	void terminationDuringAReloadEndsTheSuccessorToo(String step, Daemons daemons) {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		faults.set("successor", 2, step, "hang");
		int mark = daemon.output().mark();
		Signal.HUP.sendTo(daemon.pid());
		daemon.await("a successor", LIMIT, () -> daemon.running().size() == 2);
		if (!step.equals("before-hello")) {
			daemon.output().await(mark, STARTED, LIMIT);
		}
		Signal.TERM.sendTo(daemon.first().pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		assertThat(daemon.running()).isEmpty();
	}

	/** It does already what the first one asks for. */
	@Test
	void terminationOfAGenerationThatDrainsDoesNotTouchTheNext(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.start(gated(daemons));
		try (SlowRequest cut = slow(daemon); SlowRequest answered = slow(daemon)) {
			Swap swap = daemon.swap();
			Signal.TERM.sendTo(swap.old());
			assertThat(answered.finish().pid()).isEqualTo(swap.old());
			assertThat(new ProcessView(cut.pid()).runs()).isTrue();
			Signal.TERM.sendTo(swap.old());
			daemon.awaitGone(swap.old(), LIMIT);
			assertThat(daemon.get().pid()).isEqualTo(swap.successor()).isEqualTo(daemon.pid());
		}
	}

	@Test
	void terminationOfTheSuccessorInItsProbationEndsTheDaemon(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.start(daemons.command().probation(Duration.ofSeconds(20)));
		Swap swap = daemon.swap();
		Signal.TERM.sendTo(swap.successor());
		daemon.awaitGone(swap.successor(), LIMIT);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		assertThat(ConnectionTable.listening(daemon.endpoint())).isZero();
		assertThat(daemon.running()).isEmpty();
	}

	@Test
	void nohupIsToldWithItsRemedy(Daemons daemons) throws IOException {
		DaemonProcess daemon = daemons.start(command(daemons).through("nohup"));
		String said = daemon.output().text();
		assertThat(said).contains("nohup").contains("HUP").containsPattern("setsid|USR2|systemd");
		Signal.HUP.sendTo(daemon.pid());
		assertThat(daemon.get().pid()).isEqualTo(daemon.first().pid());
		Signal.TERM.sendTo(daemon.pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	@Test
	void reducedSignalsAreToldWithTheirRemedy(Daemons daemons) {
		DaemonProcess daemon = daemons.launch(command(daemons).jvm("-Xrs"));
		assertThat(daemon.awaitAnswer().pid()).isEqualTo(daemon.first().pid());
		assertThat(daemon.output().text()).contains("-Xrs").containsPattern("(?i)without -Xrs|remove|drop");
	}

	@Test
	void anotherSignalReloadsWhereTheJvmLeavesIt(Daemons daemons) throws IOException {
		int realTime = 40;
		DaemonProcess daemon = daemons.start(command(daemons).arguments("--gozd.reload.signals=HUP,USR2")
			.environment("_JAVA_SR_SIGNUM", Integer.toString(realTime)));
		long first = daemon.pid();
		int mark = daemon.output().mark();
		Signal.USR2.sendTo(first);
		daemon.awaitSwap(mark, first);
		daemon.awaitGone(first, LIMIT);
		daemon.swap();
		assertThat(daemon.get().generation()).isEqualTo(3);
	}

	@Test
	void anotherSignalIsRefusedWhereTheJvmKeepsIt(Daemons daemons) {
		DaemonProcess daemon = daemons.launch(command(daemons).arguments("--gozd.reload.signals=HUP,USR2"));
		assertThat(daemon.awaitExitOfFirst(DaemonProcess.START_LIMIT)).isNotZero();
		assertThat(daemon.output().text()).contains("gozd.reload.signals").contains("USR2").contains("_JAVA_SR_SIGNUM");
	}

	@Test
	void hangupAfterAFailedReloadWorks(Daemons daemons) {
		DaemonCommand command = command(daemons);
		FaultFile faults = FaultFile.of(command);
		DaemonProcess daemon = daemons.start(command);
		faults.set("successor", 2, "before-prepared", "kill");
		assertThat(FAILED.matcher(daemon.failToSwap(LIMIT)).results()).hasSize(1);
		faults.clear();
		daemon.swap();
	}

	private static SlowRequest slow(DaemonProcess daemon) throws IOException {
		return SlowRequest.start(daemon, daemon.command().home());
	}

	private static DaemonCommand gated(Daemons daemons) {
		DaemonCommand command = command(daemons);
		return command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()));
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().shortKeepAlive().probation(Duration.ofSeconds(1));
	}

	@FunctionalInterface
	private interface Volley {

		void send(long pid) throws Exception;

	}

}
