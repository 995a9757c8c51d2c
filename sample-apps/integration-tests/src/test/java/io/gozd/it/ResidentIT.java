package io.gozd.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

import io.gozd.it.fixture.GateController;
import io.gozd.it.fixture.ProcessController;
import io.gozd.it.fixture.SlowEnd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first process stays: as pid 1, as in a container, and where it is told to.
 */
@ExtendWith(DaemonExtension.class)
class ResidentIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final String MAIN = "io.gozd.resident.ResidentParent";

	private static final long MOST_KIBIBYTES = 48 * 1024;

	private static final int KILLED = 128 + 9;

	private static final int OWN_CODE = 3;

	@Test
	void pidOneStaysThroughSwapsUnderLoadAndEndsWithTheLastGeneration(Daemons daemons) throws Exception {
		DaemonProcess daemon = startAsInit(daemons);
		long init = outerInit(daemon);
		int swaps = daemons.settings().full() ? 10 : 3;
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			for (int swap = 1; swap <= swaps; swap++) {
				int next = swap + 1;
				Signal.HUP.sendTo(init);
				daemon.await("generation " + next, DaemonProcess.START_LIMIT, () -> daemon.get().generation() == next);
				daemon.await("its pid file", LIMIT,
						() -> daemon.pidIfAny().equals(OptionalLong.of(daemon.get().pid())));
				load.awaitAnswerOf(daemon.pid());
				load.awaitFurtherAnswers(50);
			}
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid()).hasSize(swaps + 1).containsKey(1L);
		}
		assertStays(daemon, init);
		// Not even as zombies.
		daemon.await("the end of all but two", LIMIT, () -> childrenOf(init).size() == 1);
		Signal.TERM.sendTo(init);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	/**
	 * As in a container with a read-only root that does not stay root's: there is no
	 * place for its files but a temporary one, which goes with it.
	 */
	@Test
	void pidOneOfAnotherUserWithoutAPlaceStaysAndLeavesNothing(Daemons daemons) throws Exception {
		Privileges.assumeRoot();
		Path home = Privileges.give(daemons.openDirectory(), Privileges.numberOf(Privileges.OTHER_USER));
		DaemonCommand command = new DaemonCommand(home, daemons.settings().java(), daemons.jar());
		command.jar(daemons.jar().variant().writeTo(command.ownJar()))
			.withoutRunDirectory()
			.shortKeepAlive()
			.probation(Duration.ofMillis(500))
			.arguments("--gozd.name=shop", "--gozd.user=" + Privileges.OTHER_USER)
			.environment("_JAVA_OPTIONS", "-Djava.io.tmpdir=/mnt");
		command.through("unshare", "--mount", "sh", "-ec",
				"mount -t tmpfs -o mode=1777 tmpfs /mnt; mount -o remount,bind,ro /;"
						+ " unshare --pid --fork --mount-proc \"$@\" || code=$?; echo Left: $(ls /mnt).; exit ${code:-0}",
				"sh");
		DaemonProcess daemon = daemons.launch(command);
		assertThat(daemon.awaitAnswer().pid()).isOne();
		long init = childrenOf(outerInit(daemon)).get(0).pid();
		Signal.HUP.sendTo(init);
		daemon.await("generation 2", DaemonProcess.START_LIMIT, () -> daemon.get().generation() == 2);
		assertStays(daemon, init);
		assertThat(Privileges.ownerOf(Path.of("/proc/" + init))).isEqualTo(Privileges.numberOf(Privileges.OTHER_USER));
		Signal.TERM.sendTo(init);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		daemon.output().await(0, Pattern.compile("Left: .*\\."), LIMIT);
		assertThat(daemon.output().text()).doesNotContainPattern("Left: .*gozd-run-");
	}

	@Test
	void aLastGenerationThatIsKilledEndsTheContainerWithItsSignal(Daemons daemons) throws Exception {
		DaemonProcess daemon = startAsInit(daemons);
		long init = outerInit(daemon);
		Signal.HUP.sendTo(init);
		daemon.await("generation 2", DaemonProcess.START_LIMIT, () -> daemon.get().generation() == 2);
		assertStays(daemon, init);
		List<ProcessView> children = childrenOf(init);
		assertThat(children).hasSize(1);
		Signal.KILL.sendTo(children.get(0).pid());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(KILLED);
	}

	/**
	 * From the second swap on a generation ends that is the parent of the one that
	 * serves.
	 */
	@Test
	void aGenerationThatIsLongInEndingDoesNotEndTheContainer(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		command.jar(daemons.jar().variant().configuration(SlowEnd.class).writeTo(command.ownJar()));
		DaemonProcess daemon = startAsInit(daemons, command);
		long init = outerInit(daemon);
		for (int generation = 2; generation <= 4; generation++) {
			int next = generation;
			Signal.HUP.sendTo(init);
			daemon.await("generation " + next, DaemonProcess.START_LIMIT, () -> daemon.get().generation() == next);
			daemon.output().await(0, Pattern.compile("Generation " + next + " of .* serves"), LIMIT);
		}
		daemon.await("the end of all but two", LIMIT,
				() -> childrenOf(init).size() == 1 && childrenOf(childrenOf(init).get(0).pid()).isEmpty());
		assertThat(daemon.get().generation()).isEqualTo(4);
		assertThat(outerInit(daemon)).isEqualTo(init);
		Signal.INT.sendTo(init);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	/** As systemd and supervisord do it, and a terminal: the whole group is told. */
	@Test
	void aSignalToTheWholeGroupCountsOnce(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).arguments("--gozd.resident=true");
		command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()));
		DaemonProcess daemon = daemons.start(command);
		long first = daemon.first().pid();
		long second = daemon.swap().successor();
		assertStays(daemon, first);
		try (SlowRequest slow = SlowRequest.start(daemon, command.home())) {
			assertThat(slow.pid()).isEqualTo(second);
			int mark = daemon.output().mark();
			Signal.TERM.sendTo(first);
			Signal.TERM.sendTo(second);
			daemon.output().await(mark, Pattern.compile("Drains \\d+ connections"), LIMIT);
			daemon.await("nobody listens", LIMIT, () -> ConnectionTable.listening(daemon.endpoint()) == 0);
			assertThat(daemon.output().text()).doesNotContain("ends at once");
			assertThat(slow.finish().pid()).isEqualTo(second);
		}
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	/** Its parent drains still, and is the only one that hears of it. */
	@Test
	void theCodeOfAGenerationThatWasKilledIsTheDaemonsEvenIfAnotherDrains(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).arguments("--gozd.resident=true");
		command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()));
		DaemonProcess daemon = daemons.start(command);
		long first = daemon.first().pid();
		daemon.swap();
		assertStays(daemon, first);
		try (SlowRequest slow = SlowRequest.start(daemon, command.home())) {
			long third = daemon.swap().successor();
			daemon.output().await(0, Pattern.compile("Generation 3 of .* serves"), LIMIT);
			Signal.KILL.sendTo(third);
			daemon.awaitGone(third, LIMIT);
			slow.finish();
		}
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(KILLED);
	}

	/** Its parent has ended well, and the first process has it as a child since then. */
	@Test
	void theCodeOfAGenerationThatWasKilledIsTheDaemonsEvenIfTheFirstDrains(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).arguments("--gozd.resident=true");
		command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()));
		DaemonProcess daemon = daemons.start(command);
		try (SlowRequest slow = SlowRequest.start(daemon, command.home())) {
			long second = daemon.swap().successor();
			long third = daemon.swap().successor();
			daemon.awaitGone(second, LIMIT);
			Signal.KILL.sendTo(third);
			daemon.awaitGone(third, LIMIT);
			assertThat(slow.finish().pid()).isEqualTo(daemon.first().pid());
		}
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(KILLED);
	}

	/** As docker stop has it, which knows pid 1 alone. */
	@Test
	void aSignalToPidOneThatDrainsIsForWhoServes(Daemons daemons) throws Exception {
		DaemonProcess daemon = startAsInit(daemons, daemons.command().probation(Duration.ofMillis(500)));
		long init = outerInit(daemon);
		try (HttpConnection idle = daemon.open()) {
			idle.exchange(HttpRequest.get("/"));
			Signal.HUP.sendTo(init);
			daemon.await("generation 2", DaemonProcess.START_LIMIT, () -> daemon.get().generation() == 2);
			Signal.HUP.sendTo(init);
			daemon.await("generation 3", DaemonProcess.START_LIMIT, () -> daemon.get().generation() == 3);
			daemon.output().await(0, Pattern.compile("Generation 3 of .* serves"), LIMIT);
			Signal.TERM.sendTo(init);
			daemon.await("nobody listens", LIMIT, () -> ConnectionTable.listening(daemon.endpoint()) == 0);
		}
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	/**
	 * On the newest JDK: what the small process needs of it is not documented. Its end is
	 * the application's own.
	 */
	@Test
	void whereItIsToldToTheFirstProcessStays(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).java(daemons.settings().newestJava())
			.arguments("--gozd.resident=true");
		command.jar(daemons.jar().variant().configuration(ProcessController.class).writeTo(command.ownJar()));
		DaemonProcess daemon = daemons.start(command);
		long first = daemon.first().pid();
		List<String> sockets = socketsOf(first);
		assertThat(sockets).isNotEmpty();
		daemon.swap();
		assertStays(daemon, first);
		assertThat(socketsOf(first)).doesNotContainAnyElementsOf(sockets);
		// To whoever serves, by the one pid that a supervisor knows.
		long second = daemon.pid();
		Signal.HUP.sendTo(first);
		daemon.await("a third generation", DaemonProcess.START_LIMIT, () -> daemon.get().generation() == 3);
		daemon.awaitGone(second, LIMIT);
		assertWaitsForOrphan(daemon, first);
		daemon.await("no zombie", LIMIT, () -> childrenOf(first).stream().noneMatch(ProcessView::isZombie));
		assertThat(childrenOf(first)).extracting(ProcessView::pid).containsExactly(daemon.pid());
		// Before it goes, and its pid file with it.
		long third = daemon.pid();
		assertThat(daemon.get("/exit?code=" + OWN_CODE).pid()).isEqualTo(third);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(OWN_CODE);
		assertThat(daemon.running()).isEmpty();
	}

	/** One that is no generation, and that it has not started. */
	private static void assertWaitsForOrphan(DaemonProcess daemon, long first) throws IOException {
		ProcessView orphan = new ProcessView(daemon.get("/orphan").pid());
		daemon.await("another child", LIMIT, () -> orphan.parent() == first);
		Signal.KILL.sendTo(orphan.pid());
		daemon.await("it to be waited for", LIMIT, () -> orphan.parent() < 0);
	}

	private static void assertStays(DaemonProcess daemon, long pid) throws IOException {
		ProcessView process = new ProcessView(pid);
		daemon.await("a small process in place of the first", LIMIT, () -> process.commandLine().contains(MAIN));
		daemon.await("it to have started", LIMIT, () -> process.threadNames().contains("gozd-resident"));
		long kibibytes = process.residentKibibytes();
		assertThat(kibibytes).isPositive().isLessThan(MOST_KIBIBYTES);
		// The JDK itself has two once it has talked over a Unix socket, of nobody's.
		assertThat(socketsOf(pid)).hasSizeLessThanOrEqualTo(2);
	}

	private static List<String> socketsOf(long pid) throws IOException {
		return new ProcessView(pid).descriptors().stream().filter((target) -> target.startsWith("socket:")).toList();
	}

	private static List<ProcessView> childrenOf(long pid) {
		return ProcessView.all().stream().filter((process) -> process.parent() == pid).toList();
	}

	/** Pid 1, as it is called outside. */
	private static long outerInit(DaemonProcess daemon) {
		List<ProcessView> children = childrenOf(daemon.first().pid());
		assertThat(children).hasSize(1);
		return children.get(0).pid();
	}

	private static DaemonProcess startAsInit(Daemons daemons) {
		return startAsInit(daemons, command(daemons));
	}

	private static DaemonProcess startAsInit(Daemons daemons, DaemonCommand command) {
		Privileges.assumeRoot();
		command.through("unshare", "--pid", "--fork", "--mount-proc");
		DaemonProcess daemon = daemons.start(command);
		assertThat(daemon.pid()).isEqualTo(1);
		return daemon;
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().shortKeepAlive().probation(Duration.ofMillis(500));
	}

}
