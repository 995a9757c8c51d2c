package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.regex.Pattern;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.GateController;
import io.gozd.it.fixture.RequestLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the lines of a daemon are while its log file is rotated and its generations
 * change.
 */
@ExtendWith(DaemonExtension.class)
class LogfileIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final Pattern RELOAD_FAILED = Pattern.compile("Reload failed:.*");

	@Test
	void rotationUnderLoadLosesNoLineAndLeavesNoneInTheWrongFile(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		Path log = logfile(command);
		Path rotated = log.resolveSibling("my.log.1");
		DaemonProcess daemon = daemons.start(command);
		try (SlowRequest draining = SlowRequest.start(daemon, command.home());
				Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			load.awaitFurtherAnswers(100);
			Files.move(log, rotated);
			load.awaitFurtherAnswers(100);
			Swap swap = daemon.swap();
			long size = Files.size(rotated);
			load.awaitFurtherAnswers(200);
			assertThat(draining.finish().pid()).isEqualTo(swap.old());
			daemon.awaitGone(swap.old(), LIMIT);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(Files.size(rotated)).as("nobody writes there any more").isEqualTo(size);
			assertThat(LoggedRequests.in(rotated, log).faults(report.byPid())).isEmpty();
			assertThat(LoggedRequests.in(rotated).numbers()).containsOnlyKeys(swap.old());
			assertThat(LoggedRequests.in(log).numbers()).containsKeys(swap.successor());
			assertThat(log).content()
				.contains("Reload: generation 2 starts")
				.contains("Started HttpDaemon")
				.contains("Generation 2 of")
				.contains("Drained in");
			assertThat(rotated).content().contains("Generation 1 of").doesNotContain("generation 2");
		}
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log))).isEqualTo("rw-r-----");
		assertThat(daemon.output().text()).as("what the daemon was started with").doesNotContain("Started HttpDaemon");
	}

	/** As an operator has it who rotates twice while one long request runs. */
	@Test
	void aGenerationThatDrainsGoesOnInTheNewFile(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		Path log = logfile(command);
		DaemonProcess daemon = daemons.start(command);
		try (SlowRequest draining = SlowRequest.start(daemon, command.home())) {
			daemon.swap();
			Path rotated = log.resolveSibling("my.log.1");
			Files.move(log, rotated);
			daemon.swap();
			daemon.await("the old generation to leave the old file", LIMIT,
					() -> !new ProcessView(draining.pid()).descriptors().contains(rotated.toString()));
			assertThat(new ProcessView(draining.pid()).descriptors()).contains(log.toString());
			assertThat(draining.finish().status()).isEqualTo(200);
		}
		new Output(log).await(0, Pattern.compile("Drained in"), LIMIT);
	}

	@Test
	void aReloadThatFailsRotatesAllTheSame(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		Path log = logfile(command);
		DaemonProcess daemon = daemons.start(command);
		Path rotated = log.resolveSibling("my.log.1");
		Files.move(log, rotated);
		BrokenSuccessor.TRUNCATED.write(daemons.jar(), command.ownJar());
		Signal.HUP.sendTo(daemon.pid());
		daemon.await("a new log file", LIMIT, () -> Files.exists(log));
		new Output(log).await(0, RELOAD_FAILED, LIMIT);
		assertThat(rotated).content().doesNotContain("Reload");
		assertThat(daemon.get().pid()).isEqualTo(daemon.first().pid());
	}

	@Test
	void aSuccessorThatCanNotOpenItFailsTheReload(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		Path log = Files.createDirectory(command.home().resolve("log")).resolve("my.log");
		DaemonProcess daemon = daemons.start(command.arguments("--gozd.logfile=" + log));
		Path gone = command.home().resolve("gone");
		Files.move(log.getParent(), gone);
		Signal.HUP.sendTo(daemon.pid());
		String text = new Output(gone.resolve("my.log")).await(0, RELOAD_FAILED, LIMIT);
		assertThat(text).isNotEmpty();
		assertThat(gone.resolve("my.log")).content().contains("gozd.logfile=" + log + " can't be opened");
		assertThat(daemon.get().pid()).isEqualTo(daemon.first().pid());
	}

	@Test
	void aStartThatCanNotOpenItFails(Daemons daemons) {
		DaemonProcess daemon = daemons.launch(daemons.command().arguments("--gozd.logfile=/proc/no/such.log"));
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(daemon.output().text()).contains("gozd.logfile=/proc/no/such.log can't be opened");
	}

	@Test
	void aSecondStartSaysOnTheTerminalWhoRuns(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		Path log = logfile(command);
		DaemonProcess daemon = daemons.start(command);
		DaemonProcess second = daemons.launch(command);
		assertThat(second.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(second.output().text()).contains("runs already as pid " + daemon.pid());
		assertThat(log).content().doesNotContain("runs already");
	}

	@Test
	void springBootsOwnLogFileWorksBesideIt(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		Path log = logfile(command);
		Path own = command.home().resolve("boot.log");
		DaemonProcess daemon = daemons.start(command.arguments("--logging.file.name=" + own));
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			load.awaitFurtherAnswers(100);
			Swap swap = daemon.swap();
			load.awaitFurtherAnswers(100);
			daemon.awaitGone(swap.old(), LIMIT);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(LoggedRequests.in(own).faults(report.byPid())).isEmpty();
			assertThat(LoggedRequests.in(log).faults(report.byPid())).isEmpty();
		}
	}

	private static Path logfile(DaemonCommand command) {
		Path log = command.home().resolve("my.log");
		command.arguments("--gozd.logfile=" + log);
		return log;
	}

	private static DaemonCommand command(Daemons daemons) {
		DaemonCommand command = daemons.command().shortKeepAlive().probation(Duration.ofSeconds(1));
		return command.jar(daemons.jar()
			.variant()
			.configuration(GateController.class, RequestLog.class)
			.writeTo(command.ownJar()));
	}

}
