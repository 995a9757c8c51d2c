package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.GateController;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a service manager is told, and what it passes.
 */
@ExtendWith(DaemonExtension.class)
class NotifyIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final Pattern MONOTONIC = Pattern.compile("MONOTONIC_USEC=(\\d+)");

	private static final String SOCKET_ACTIVATE = "systemd-socket-activate";

	/**
	 * A service manager in a few lines: opens a listener once, and starts the command
	 * with it anew each time that it ends, until it is ended itself.
	 */
	private static final String MANAGER = """
			use Socket; use POSIX;
			my ($port, $names) = (shift, shift);
			$^F = 3; # Else descriptor 3 is closed by exec.
			socket(my $s, PF_INET, SOCK_STREAM, 0) or die;
			setsockopt($s, SOL_SOCKET, SO_REUSEADDR, 1);
			bind($s, sockaddr_in($port, inet_aton("127.0.0.1"))) or die;
			listen($s, 1024) or die;
			while (1) {
				my $pid = fork();
				if (!$pid) {
					POSIX::dup2(fileno($s), 3);
					$ENV{LISTEN_FDS} = 1; $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDNAMES} = $names;
					exec(@ARGV);
				}
				waitpid($pid, 0);
			}
			""";

	/** Once on the newest JDK. */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void tellsOfEveryStepInOrder(boolean isAbstract, Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		if (isAbstract) {
			command.java(daemons.settings().newestJava());
		}
		command.jar(daemons.jar().variant().writeTo(command.ownJar()));
		Path path = command.home().resolve("notify");
		try (NotifySocket socket = new NotifySocket(isAbstract ? "@" + path : path.toString())) {
			DaemonProcess daemon = daemons.start(command.environment("NOTIFY_SOCKET", socket.name()));
			socket.await(2, LIMIT);
			List<Long> pids = new ArrayList<>(List.of(daemon.pid()));
			for (int swap = 1; swap <= 2; swap++) {
				pids.add(daemon.swap().successor());
				socket.await(2 + 2 * swap, LIMIT);
			}
			BrokenSuccessor.MAIN_THROWS.write(daemons.jar(), command.ownJar());
			daemon.failToSwap(LIMIT);
			socket.await(8, LIMIT);
			Signal.TERM.sendTo(daemon.pid());
			daemon.await("end", LIMIT, () -> daemon.running().isEmpty());
			List<String> datagrams = socket.await(10, LIMIT);
			assertThat(datagrams).hasSize(10);
			assertThat(datagrams.subList(0, 7).stream().map(NotifyIT::withoutTime)).containsExactly(
					"EXTEND_TIMEOUT_USEC=120000000\nSTATUS=Generation 1 starts",
					"READY=1\nMAINPID=" + pids.get(0) + "\nSTATUS=Generation 1 serves", reloading(1),
					"MAINPID=" + pids.get(1) + "\nREADY=1\nSTATUS=Generation 2 serves", reloading(2),
					"MAINPID=" + pids.get(2) + "\nREADY=1\nSTATUS=Generation 3 serves", reloading(3));
			assertThat(datagrams.get(7)).isEqualTo(
					"READY=1\nSTATUS=Generation 3 serves. Reload failed: " + "the successor ended with exit code 1");
			assertThat(datagrams.get(8)).isEqualTo("STOPPING=1\nEXTEND_TIMEOUT_USEC=920000000\nSTATUS=Drains");
			assertThat(datagrams.get(9)).isEqualTo("EXTEND_TIMEOUT_USEC=910000000\nSTATUS=Closes the application");
			long third = pids.get(2);
			assertThat(socket.senders()).containsExactly(pids.get(0), pids.get(0), pids.get(0), pids.get(0),
					pids.get(1), pids.get(1), third, third, third, third);
			assertThat(times(datagrams)).isSorted().doesNotHaveDuplicates().hasSize(3);
		}
	}

	private static String reloading(int generation) {
		return "RELOADING=1\nMONOTONIC_USEC=n\nEXTEND_TIMEOUT_USEC=141000000\nSTATUS=Generation " + generation
				+ " serves, generation " + (generation + 1) + " starts";
	}

	private static String withoutTime(String datagram) {
		return MONOTONIC.matcher(datagram).replaceFirst("MONOTONIC_USEC=n");
	}

	private static List<Long> times(List<String> datagrams) {
		return datagrams.stream()
			.map(MONOTONIC::matcher)
			.filter(Matcher::find)
			.map((matcher) -> Long.valueOf(matcher.group(1)))
			.toList();
	}

	/** Which is told: so no process stays for the sake of its pid. */
	@Test
	void theWatchdogIsFedByWhoeverIsMain(Daemons daemons) throws Exception {
		Duration watchdog = Duration.ofSeconds(18);
		DaemonCommand command = command(daemons);
		try (NotifySocket socket = NotifySocket.at(command.home().resolve("notify"))) {
			DaemonProcess daemon = daemons.start(command.environment("NOTIFY_SOCKET", socket.name())
				.environment("WATCHDOG_USEC", Long.toString(watchdog.toNanos() / 1000))
				.arguments("--gozd.resident=true"));
			daemon.await("two meals", LIMIT, () -> socket.timesOf("WATCHDOG=1").size() >= 2);
			Swap swap = daemon.swap();
			daemon.awaitGone(swap.old(), LIMIT);
			assertThat(daemon.output().text()).contains("gozd.resident=true has no effect here");
			int until = socket.timesOf("WATCHDOG=1").size() + 2;
			daemon.await("two more meals", LIMIT, () -> socket.timesOf("WATCHDOG=1").size() >= until);
			List<Long> meals = socket.timesOf("WATCHDOG=1");
			for (int i = 1; i < meals.size(); i++) {
				assertThat(Duration.ofNanos(meals.get(i) - meals.get(i - 1))).isLessThan(watchdog);
			}
			int last = socket.senders().lastIndexOf(swap.old());
			assertThat(socket.datagrams().get(last)).as("the last word of the first")
				.startsWith("MAINPID=" + swap.successor());
		}
	}

	@Test
	void listenersAreStoredAndForgottenAtTheEnd(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		try (NotifySocket socket = NotifySocket.at(command.home().resolve("notify"))) {
			DaemonProcess daemon = daemons
				.start(command.environment("NOTIFY_SOCKET", socket.name()).environment("FDSTORE", "16"));
			String name = "\nFDNAME=gozd|tcp|127.0.0.1|" + command.endpoint().port();
			daemon.await("a listener stored", LIMIT, () -> !socket.timesOf("FDSTORE=1" + name).isEmpty());
			Swap swap = daemon.swap();
			daemon.awaitGone(swap.old(), LIMIT);
			// Each generation says it more than once.
			daemon.await("it stored by the successor", LIMIT,
					() -> socket.sendersOf("FDSTORE=1" + name).contains(swap.successor()));
			assertThat(socket.timesOf("FDSTOREREMOVE=1" + name)).isEmpty();
			Signal.TERM.sendTo(daemon.pid());
			daemon.await("it forgotten", LIMIT, () -> socket.timesOf("FDSTOREREMOVE=1" + name).size() == 1);
		}
	}

	/** systemd tells the whole group, and takes no other main process any more. */
	@Test
	void aStopOnProbationEndsBothAndTheFirstStaysTheMainProcess(Daemons daemons) throws Exception {
		DaemonCommand command = gated(daemons, daemons.command().shortKeepAlive().probation(Duration.ofMinutes(2)));
		try (NotifySocket socket = NotifySocket.at(command.home().resolve("notify"))) {
			DaemonProcess daemon = daemons
				.start(command.environment("NOTIFY_SOCKET", socket.name()).environment("FDSTORE", "16"));
			long first = daemon.pid();
			String name = "\nFDNAME=gozd|tcp|127.0.0.1|" + command.endpoint().port();
			daemon.await("a listener stored", LIMIT, () -> !socket.timesOf("FDSTORE=1" + name).isEmpty());
			int mark = daemon.output().mark();
			Signal.HUP.sendTo(first);
			daemon.awaitSwap(mark, first);
			assertThat(daemon.get().generation()).isEqualTo(2);
			try (SlowRequest slow = SlowRequest.start(daemon, command.home())) {
				long second = slow.pid();
				assertThat(second).isNotEqualTo(first);
				Signal.TERM.sendTo(first);
				Signal.TERM.sendTo(second);
				daemon.output().await(0, Pattern.compile("Drained; waits for the other generations"), LIMIT);
				assertThat(daemon.running()).containsExactlyInAnyOrder(first, second);
				assertThat(slow.finish().pid()).isEqualTo(second);
				daemon.await("end", LIMIT, () -> daemon.running().isEmpty());
				assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
				assertThat(socket.senders()).containsOnly(first);
				assertThat(socket.datagrams()).noneMatch((datagram) -> datagram.contains("MAINPID=" + second))
					.anyMatch((datagram) -> datagram.startsWith("STOPPING=1"))
					.contains("FDSTOREREMOVE=1" + name);
			}
		}
	}

	/** systemd tells what is left once more when the main process has ended. */
	@Test
	void theMainProcessEndsAfterTheGenerationsThatDrain(Daemons daemons) throws Exception {
		DaemonCommand command = gated(daemons, command(daemons));
		try (NotifySocket socket = NotifySocket.at(command.home().resolve("notify"))) {
			DaemonProcess daemon = daemons.start(command.environment("NOTIFY_SOCKET", socket.name()));
			try (SlowRequest slow = SlowRequest.start(daemon, command.home())) {
				Swap swap = daemon.swap();
				socket.await(4, LIMIT);
				Signal.TERM.sendTo(swap.old());
				Signal.TERM.sendTo(swap.successor());
				daemon.output().await(0, Pattern.compile("Drained; waits for the other generations"), LIMIT);
				assertThat(daemon.running()).containsExactlyInAnyOrder(swap.old(), swap.successor());
				assertThat(slow.finish().pid()).isEqualTo(swap.old());
				daemon.await("end", LIMIT, () -> daemon.running().isEmpty());
			}
			assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
			assertThat(socket.datagrams()).last().asString().contains("Closes the application");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "server", "web", "" })
	void socketsThatAreOpenedForItAreServedAndHandedOn(String name, Daemons daemons) throws Exception {
		assumeInstalled();
		DaemonCommand command = command(daemons);
		int port = command.endpoint().port();
		if (name.equals("web")) {
			// By its name: the address that is configured is another.
			command.withoutAddress().arguments(ConfiguredDirective.at("web", FreePort.find()).arguments());
		}
		command.through(SOCKET_ACTIVATE, "--listen=127.0.0.1:" + port);
		if (!name.isEmpty()) {
			command.through("--fdname=" + name);
		}
		DaemonProcess daemon = daemons.start(command);
		assertThat(daemon.pid()).isEqualTo(daemon.first().pid());
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			daemon.swap();
			load.awaitFurtherAnswers(100);
			daemon.swap();
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
	}

	/** The socket is the service manager's: who comes while nobody runs waits. */
	@Test
	void aRestartWithAPassedSocketRefusesNobody(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().keepAliveTimeout(Duration.ofSeconds(1));
		command.through(manager(command, "my-app.socket"));
		DaemonProcess daemon = daemons.start(command);
		long first = daemon.pid();
		LoadOptions options = new LoadOptions(daemon.endpoint(), LoadOptions.Mode.FRESH, 4, Duration.ofMillis(5),
				DaemonProcess.START_LIMIT);
		try (Load load = Load.start(options)) {
			Signal.TERM.sendTo(first);
			daemon.await("another process", DaemonProcess.START_LIMIT,
					() -> daemon.pidIfAny().orElse(first) != first && daemon.ask().pid() != first);
			load.awaitAnswerOf(daemon.pid());
			load.awaitFurtherAnswers(50);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid()).containsKeys(first, daemon.pid());
		}
		finally {
			daemon.first().destroyForcibly();
		}
	}

	/** As the store of descriptors gives it back. */
	@Test
	void aListenerThatWasStoredSurvivesTheDeathOfAllGenerations(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		command.through(manager(command, "gozd|tcp|127.0.0.1|" + command.endpoint().port()));
		DaemonProcess daemon = daemons.start(command);
		long first = daemon.pid();
		try {
			Signal.KILL.sendTo(first);
			// In the queue of a listener that nobody serves at this moment.
			try (HttpConnection waiting = HttpConnection.open(daemon.endpoint(), DaemonProcess.START_LIMIT)) {
				HttpAnswer answer = waiting.exchange(HttpRequest.get("/").onFreshConnection());
				assertThat(answer.pid()).isNotEqualTo(first);
			}
		}
		finally {
			daemon.first().destroyForcibly();
		}
	}

	private static DaemonCommand gated(Daemons daemons, DaemonCommand command) {
		return command.jar(daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar()));
	}

	private static String[] manager(DaemonCommand command, String names) {
		return new String[] { "perl", "-e", MANAGER, Integer.toString(command.endpoint().port()), names };
	}

	private static void assumeInstalled() {
		boolean installed = List.of(System.getenv("PATH").split(":"))
			.stream()
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, SOCKET_ACTIVATE)));
		if (!installed && "true".equals(System.getenv("CI"))) {
			throw new AssertionError(SOCKET_ACTIVATE + " is missing: it is in the package systemd");
		}
		Assumptions.assumeTrue(installed, SOCKET_ACTIVATE + " is not installed: it is in the package systemd");
	}

	private static DaemonCommand command(Daemons daemons) throws IOException {
		return daemons.command().shortKeepAlive().probation(Duration.ofSeconds(1));
	}

}
