package io.gozd.it;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The file of a Unix socket: there as long as the daemon, with the right mode all the
 * time, and nobody else's.
 */
@ExtendWith(DaemonExtension.class)
class UnixSocketIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@EachJava(inShortForm = false)
	void isThereWithItsModeUntilTheDaemonEnds(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).java(java);
		Path path = command.home().resolve("line.sock");
		command.arguments("--gozd.directives.line_sock.chmod=0640");
		Object uid = Files.getAttribute(command.home(), "unix:uid");
		Object gid = Files.getAttribute(command.home(), "unix:gid");
		String right = "140640 " + uid + ":" + gid;
		try (PathWatch watch = PathWatch.of(path)) {
			DaemonProcess daemon = daemons.start(command);
			assertThat(watch.seen()).containsExactlyInAnyOrder(PathWatch.MISSING, right);
			Endpoint endpoint = Endpoint.unix(path);
			try (Load load = Load.start(LoadOptions.light(endpoint), LineClient::new)) {
				for (int i = 0; i < daemons.settings().swaps(); i++) {
					Swap swap = daemon.swap();
					daemon.awaitGone(swap.old(), LIMIT);
					load.awaitFurtherAnswers(50);
					assertThat(LineConnection.ask(endpoint).pid()).isEqualTo(swap.successor());
				}
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
			}
			assertThat(watch.seen()).containsExactly(right);
			assertThat(watch.looks()).isGreaterThan(10_000);
			assertEnds(daemon);
			assertThat(path).doesNotExist();
		}
		assertThat(leftovers(command.home())).isEmpty();
	}

	@Test
	void strangersFilesAreLeftAlone(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		Path file = command.home().resolve("line.sock");
		Path socket = command.home().resolve("tick.sock");
		command.arguments(ConfiguredDirective.at("tcp_sock", socket).arguments());
		DaemonProcess daemon = daemons.start(command);
		Files.delete(file);
		Files.writeString(file, "somebody else's");
		Files.delete(socket);
		try (ServerSocketChannel stranger = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			stranger.bind(UnixDomainSocketAddress.of(socket));
			String state = PathWatch.state(socket);
			assertEnds(daemon);
			assertThat(file).hasContent("somebody else's");
			assertThat(PathWatch.state(socket)).isEqualTo(state);
			try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
				assertThat(client.isConnected()).isTrue();
			}
		}
	}

	@Test
	void whatKilledProcessesHaveLeftIsTakenOver(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		Path path = command.home().resolve("line.sock");
		Endpoint endpoint = Endpoint.unix(path);
		DaemonProcess daemon = daemons.start(command);
		try (LineConnection held = LineConnection.open(endpoint)) {
			held.exchange("held");
			Swap swap = daemon.swap();
			assertThat(held.exchange("still").pid()).isEqualTo(swap.old());
			List<Long> generations = daemon.running();
			assertThat(generations).contains(swap.old(), swap.successor());
			generations.forEach(Signal.KILL::sendTo);
			daemon.await("the end of all", LIMIT, () -> daemon.running().isEmpty());
		}
		assertThat(path).exists();
		DaemonProcess next = DaemonProcess.launch(command);
		try (next; PathWatch watch = PathWatch.of(path)) {
			next.await("the answer of another", LIMIT, () -> answers(next));
			assertThat(LineConnection.ask(endpoint).pid()).isEqualTo(next.first().pid());
			assertThat(watch.seen()).doesNotContain(PathWatch.MISSING);
			assertEnds(next);
			assertThat(path).doesNotExist();
		}
	}

	private static boolean answers(DaemonProcess daemon) throws IOException {
		try {
			return daemon.ask().pid() == daemon.first().pid();
		}
		catch (SocketException | SocketTimeoutException ex) {
			// Those that were killed listen until their last thread has ended.
			return false;
		}
	}

	@Test
	void oneThatSomebodyListensOnIsRefused(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		Path path = command.home().resolve("line.sock");
		DaemonProcess owner = daemons.start(command);
		String state = PathWatch.state(path);
		DaemonCommand second = daemons.command("mixed-daemon")
			.arguments("--spring.config.location=optional:file:none/");
		second.arguments(ConfiguredDirective.at("web", second.endpoint().port()).with("protocol", "http").arguments())
			.arguments(ConfiguredDirective.at("line_sock", path).arguments());
		DaemonProcess refused = daemons.launch(second);
		assertThat(refused.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		refused.output()
			.await(0, Pattern.compile(
					"gozd\\.directives\\.line_sock\\.address.*[\\s\\S]*in use by process " + owner.pid() + " \\(java"),
					LIMIT);
		assertThat(PathWatch.state(path)).isEqualTo(state);
		assertThat(LineConnection.ask(Endpoint.unix(path)).pid()).isEqualTo(owner.pid());
		assertThat(leftovers(command.home())).containsExactly("line.sock");
	}

	@Test
	void pathThroughALinkOfAReleaseStays(Daemons daemons) throws Exception {
		DaemonCommand command = commandWithoutPath(daemons);
		Path first = Files.createDirectories(command.home().resolve("releases/1"));
		Path second = Files.createDirectories(command.home().resolve("releases/2"));
		Path current = Files.createSymbolicLink(command.home().resolve("current"), first);
		Path path = current.resolve("line.sock");
		command.arguments(ConfiguredDirective.at("line_sock", path).arguments());
		DaemonProcess daemon = daemons.start(command);
		Endpoint endpoint = Endpoint.unix(path);
		assertThat(LineConnection.ask(endpoint).pid()).isEqualTo(daemon.pid());
		Swap swap = daemon.swap();
		assertThat(LineConnection.ask(endpoint).pid()).isEqualTo(swap.successor());
		// A new release: the path is another one now.
		Path link = Files.createSymbolicLink(command.home().resolve("next"), second);
		Files.move(link, current, StandardCopyOption.ATOMIC_MOVE);
		swap = daemon.swap();
		assertThat(LineConnection.ask(endpoint).pid()).isEqualTo(swap.successor());
		daemon.awaitAlone(LIMIT);
		assertThat(first).isEmptyDirectory();
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", LIMIT, () -> daemon.running().isEmpty());
		assertThat(second).isEmptyDirectory();
	}

	private static void assertEnds(DaemonProcess daemon) {
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", LIMIT, () -> daemon.running().isEmpty());
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	/** What is neither the test's own nor a directory of generations. */
	private static List<String> leftovers(Path home) throws IOException {
		try (var paths = Files.list(home)) {
			return paths.map((path) -> path.getFileName().toString())
				.filter((name) -> !List.of("run", "tmp", "output.log").contains(name))
				.toList();
		}
	}

	private static DaemonCommand command(Daemons daemons) {
		DaemonCommand command = commandWithoutPath(daemons);
		return command.arguments(ConfiguredDirective.at("line_sock", command.home().resolve("line.sock")).arguments());
	}

	private static DaemonCommand commandWithoutPath(Daemons daemons) {
		DaemonCommand command = daemons.command("mixed-daemon")
			.keepAliveTimeout(Duration.ofSeconds(1))
			.probation(Duration.ofMillis(500))
			// Instead of what the jar says.
			.arguments("--spring.config.location=optional:file:none/");
		return command
			.arguments(ConfiguredDirective.at("web", command.endpoint().port()).with("protocol", "http").arguments());
	}

}
