package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.GateController;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where a daemon has its files, who has it, and what is left of one that was killed.
 */
@ExtendWith(DaemonExtension.class)
class RunDirectoryIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int NOBODY = 65534;

	@Test
	void aSecondStartSaysWhoRunsAndTouchesNothing(Daemons daemons) throws IOException {
		DaemonCommand command = daemons.command();
		DaemonProcess daemon = daemons.start(command);
		DaemonProcess second = daemons.launch(command);
		assertThat(second.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(daemon.output().text()).contains("runs already as pid " + daemon.pid());
		assertThat(daemon.get().pid()).isEqualTo(daemon.pid()).isEqualTo(daemon.first().pid());
		Swap swap = daemon.swap();
		assertThat(daemons.launch(command).awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(daemon.output().text()).contains("runs already as pid " + swap.successor());
	}

	@Test
	void theNextStartAfterAllGenerationsWereKilledTidiesUpAndWorks(Daemons daemons) throws IOException {
		DaemonCommand command = daemons.command().probation(Duration.ofMillis(500));
		Path socket = command.home().resolve("local.sock");
		Path pidfile = command.home().resolve("my.pid");
		command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()))
			.arguments(ConfiguredDirective.at("local", socket).arguments())
			.arguments("--gozd.pidfile=" + pidfile);
		DaemonProcess daemon = daemons.start(command);
		try (SlowRequest draining = SlowRequest.start(daemon, command.home())) {
			Swap swap = daemon.swap();
			assertThat(draining.pid()).isEqualTo(swap.old());
			assertThat(daemon.running()).hasSize(2);
			daemon.running().forEach(Signal.KILL::sendTo);
			daemon.await("death of all", LIMIT, () -> daemon.running().isEmpty());
		}
		assertThat(pidfile).exists();
		assertThat(socket).exists();
		DaemonProcess next = daemons.launch(command);
		next.await("the pid file of the next", DaemonProcess.START_LIMIT, () -> next.pid() == next.first().pid());
		assertThat(next.get().pid()).isEqualTo(next.pid());
		assertThat(HttpAnswer.of(Endpoint.unix(socket)).pid()).isEqualTo(next.pid());
		// What others have left is removed first.
		next.await("the other pid file of the next", LIMIT, () -> Files.readString(pidfile).equals(next.pid() + "\n"));
		assertThat(names(command.runDirectory())).containsExactlyInAnyOrder("pid", "control.sock", "gozd.lock",
				"1-" + next.pid() + ".sock");
		next.swap();
		Signal.TERM.sendTo(next.pid());
		next.await("end", LIMIT, () -> next.running().isEmpty());
		assertThat(names(command.runDirectory())).containsExactly("gozd.lock");
		assertThat(pidfile).doesNotExist();
		assertThat(socket).doesNotExist();
	}

	@Test
	void aPidFileWithAStrangersPidIsNoReasonToTouchTheStranger(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command();
		Process stranger = new ProcessBuilder("sleep", "600").start();
		try {
			Files.createDirectories(command.runDirectory());
			Files.writeString(command.runDirectory().resolve("pid"), stranger.pid() + "\n");
			Files.createFile(command.runDirectory().resolve("gozd.lock"));
			DaemonProcess daemon = daemons.launch(command);
			daemon.await("the pid file", DaemonProcess.START_LIMIT, () -> daemon.pid() == daemon.first().pid());
			Signal.TERM.sendTo(daemon.pid());
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
			assertThat(stranger.isAlive()).isTrue();
		}
		finally {
			stranger.destroyForcibly();
		}
	}

	@Test
	void rootsIsBelowRun(Daemons daemons) throws IOException {
		DaemonCommand command = daemons.command()
			.withoutRunDirectory()
			.arguments("--gozd.name=shop")
			.through(Privileges.inOwnMounts("mount -t tmpfs tmpfs /run"));
		DaemonProcess daemon = daemons.launch(command);
		command.filesAt(seenBy(daemon, Path.of("/run/gozd/shop")));
		daemon.awaitServing();
		assertThat(daemon.pid()).isEqualTo(daemon.first().pid());
	}

	@Test
	void aUsersIsInItsSessionOrInItsHome(Daemons daemons) throws IOException {
		Path session = Privileges.give(daemons.openDirectory(), NOBODY);
		DaemonCommand command = asNobody(daemons).environment("XDG_RUNTIME_DIR", session.toString());
		command.filesAt(session.resolve("gozd/shop"));
		assertThat(daemons.start(command).pid()).isPositive();
		assertThat(Privileges.ownerOf(session.resolve("gozd"))).isEqualTo(NOBODY);
		Path home = Privileges.give(daemons.openDirectory(), NOBODY);
		DaemonCommand atHome = asNobody(daemons).environment("XDG_RUNTIME_DIR", "/run/user/65534")
			.jvm("-Duser.home=" + home);
		atHome.filesAt(home.resolve(".gozd/shop"));
		assertThat(daemons.start(atHome).pid()).isPositive();
	}

	@Test
	void aContainerWhoseRootIsReadOnlyHasATemporaryOne(Daemons daemons) throws IOException {
		DaemonCommand command = daemons.command().withoutRunDirectory().arguments("--gozd.name=shop");
		// The test's own is too long for a socket; this goes before it.
		Path temporary = Path.of("/mnt");
		command.environment("_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
		command.through(Privileges.inOwnMounts("mount -t tmpfs tmpfs " + temporary + "; mount -o remount,bind,ro /"));
		DaemonProcess daemon = daemons.launch(command);
		HttpAnswer answer = daemon.awaitAnswer();
		assertThat(answer.pid()).isEqualTo(daemon.first().pid());
		Path seen = seenBy(daemon, temporary);
		daemon.await("the run directory", LIMIT, () -> names(seen).stream().anyMatch((name) -> isRun(seen, name)));
		assertThat(daemon.output().text()).contains("gozd.run-directory names another");
		Signal.HUP.sendTo(answer.pid());
		daemon.await("a swap", DaemonProcess.START_LIMIT, () -> daemon.get().pid() != answer.pid());
	}

	private static DaemonCommand asNobody(Daemons daemons) throws IOException {
		Path home = Privileges.give(daemons.openDirectory(), NOBODY);
		DaemonCommand command = new DaemonCommand(home, daemons.settings().java(), daemons.jar());
		command.jar(daemons.jar().variant().writeTo(command.ownJar()));
		Privileges.give(Files.createDirectories(command.temporaryDirectory()), NOBODY);
		return command.withoutRunDirectory().arguments("--gozd.name=shop").through(Privileges.asUser(NOBODY));
	}

	private static boolean isRun(Path directory, String name) {
		return name.startsWith("gozd-run-") && Files.exists(directory.resolve(name).resolve("pid"));
	}

	/** As the daemon sees it, which has mounts of its own. */
	private static Path seenBy(DaemonProcess daemon, Path path) {
		return Path.of("/proc", Long.toString(daemon.first().pid()), "root", path.toString());
	}

	private static List<String> names(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.map((file) -> file.getFileName().toString()).toList();
		}
	}

}
