package io.gozd.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The next generation is configured with other directives, while clients are busy on
 * those that stay.
 */
@Needs(ServerTrait.UNIX)
@ExtendWith(DaemonExtension.class)
class DirectiveChangeIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** Far longer than a busy client ever pauses, on a slow machine too. */
	private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

	private static final int AS_MANY_AS_ANSWERED = 50;

	@Test
	void addedOnesAnswerAndRemovedOnesRefuse(Daemons daemons) throws Exception {
		try (Busy busy = Busy.start(daemons)) {
			int port = FreePort.find();
			Endpoint web = Endpoint.plain(port);
			Endpoint lines = Endpoint.unix(busy.path("line_sock"));
			busy.change(http("added", port), ConfiguredDirective.at("line_sock", busy.path("line_sock")));
			assertThat(HttpAnswer.of(web).pid()).isEqualTo(busy.daemon.pid());
			assertThat(LineConnection.ask(lines).pid()).isEqualTo(busy.daemon.pid());
			Swap swap = busy.change();
			busy.daemon.await("the end of the listeners", LIMIT,
					() -> ConnectionTable.listening(web) == 0 && !ListeningSockets.hasUnix(busy.path("line_sock")));
			long begin = System.nanoTime();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> HttpAnswer.of(web));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> LineConnection.ask(lines));
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT.dividedBy(2));
			busy.daemon.await("the end of the path", LIMIT, () -> Files.notExists(busy.path("line_sock")));
			busy.daemon.awaitGone(swap.old(), LIMIT);
			busy.stop();
		}
	}

	/** One connection is all that the removed directive serves at a time. */
	@Test
	void whatWaitsAtARemovedOneIsAnswered(Daemons daemons) throws Exception {
		try (Busy busy = Busy.start(daemons)) {
			int port = FreePort.find();
			Path path = busy.path("tcp_sock");
			Endpoint lines = Endpoint.plain(port);
			busy.change(ConfiguredDirective.at("line_port", port).with("max-connections", 1),
					ConfiguredDirective.at("tcp_sock", path).with("max-connections", 1));
			try (LineConnection served = LineConnection.open(lines);
					TickStream ticks = TickStream.open(Endpoint.unix(path), "tcp_sock")) {
				served.exchange("first");
				try (LineConnection waiting = LineConnection.open(lines);
						LineConnection waitingTick = LineConnection.open(Endpoint.unix(path))) {
					waiting.send("second");
					busy.daemon.await("a connection in the queue", LIMIT, () -> ConnectionTable.waiting(lines) == 1);
					Swap swap = busy.change();
					busy.daemon.await("the end of the path", LIMIT, () -> Files.notExists(path));
					assertThat(served.exchange("third").pid()).isEqualTo(swap.old());
					served.close();
					ticks.close();
					LineAnswer answer = waiting.read();
					assertThat(answer.pid()).isEqualTo(swap.old());
					assertThat(answer.after()).isEqualTo("second");
					assertThat(waitingTick.read().pid()).isEqualTo(swap.old());
					busy.daemon.await("the end of the listeners", LIMIT,
							() -> ConnectionTable.listening(lines) == 0 && !ListeningSockets.hasUnix(path));
					assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> LineConnection.ask(lines));
				}
			}
			busy.stop();
		}
	}

	@Test
	void addressIsMovedToOneThatOverlapsAndBack(Daemons daemons) throws Exception {
		try (Busy busy = Busy.start(daemons)) {
			int port = FreePort.find();
			Endpoint narrow = Endpoint.plain(port);
			Endpoint elsewhere = narrow.at("127.0.0.2");
			busy.change(ConfiguredDirective.at("line_port", port));
			try (Load load = Load.start(LoadOptions.light(narrow), LineClient::new)) {
				Swap widened = busy.change(ConfiguredDirective.at("line_port", ":" + port));
				busy.daemon.awaitGone(widened.old(), LIMIT);
				assertThat(LineConnection.ask(elsewhere).pid()).isEqualTo(widened.successor());
				load.awaitFurtherAnswers(AS_MANY_AS_ANSWERED);
				Swap narrowed = busy.change(ConfiguredDirective.at("line_port", port));
				busy.daemon.awaitGone(narrowed.old(), LIMIT);
				assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> LineConnection.ask(elsewhere));
				load.awaitFurtherAnswers(AS_MANY_AS_ANSWERED);
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid().keySet()).containsExactlyInAnyOrder(widened.old(), widened.successor(),
						narrowed.successor());
			}
			busy.stop();
		}
	}

	@Test
	void listenersAreKnownByTheirAddresses(Daemons daemons) throws Exception {
		try (Busy busy = Busy.start(daemons)) {
			Endpoint one = Endpoint.plain(FreePort.find());
			Endpoint two = Endpoint.plain(FreePort.find());
			Path path = busy.path("app.sock");
			busy.change(http("one", one.port()), http("two", two.port()), http("renamed", path).with("chmod", "0660"));
			try (Load onOne = Load.start(LoadOptions.light(one)); Load onTwo = Load.start(LoadOptions.light(two))) {
				Object inode = Files.getAttribute(path, "unix:ino");
				// One is now called two and the other way round, and the path another
				// name and mode.
				busy.change(http("one", two.port()), http("two", one.port()),
						http("newname", path).with("chmod", "0600"));
				busy.daemon.await("the new mode", LIMIT, () -> mode(path).equals("rw-------"));
				assertThat(Files.getAttribute(path, "unix:ino")).isEqualTo(inode);
				assertThat(HttpAnswer.of(Endpoint.unix(path)).pid()).isEqualTo(busy.daemon.pid());
				for (Load load : List.of(onOne, onTwo)) {
					load.awaitFurtherAnswers(AS_MANY_AS_ANSWERED);
					LoadReport report = load.stop();
					assertThat(report.failures()).as(report.toString()).isEmpty();
					assertThat(report.byPid()).hasSize(2);
				}
			}
			// From Unix to TCP.
			Endpoint moved = Endpoint.plain(FreePort.find());
			busy.change(http("newname", moved.port()));
			assertThat(HttpAnswer.of(moved).pid()).isEqualTo(busy.daemon.pid());
			busy.daemon.await("the end of the path", LIMIT, () -> Files.notExists(path));
			busy.stop();
		}
	}

	@Test
	void protocolAndBacklogAreChangedOnTheSameAddress(Daemons daemons) throws Exception {
		try (Busy busy = Busy.start(daemons)) {
			Endpoint plain = Endpoint.plain(FreePort.find());
			Endpoint lines = Endpoint.plain(FreePort.find());
			busy.change(http("web", plain.port()),
					ConfiguredDirective.at("line_port", lines.port()).with("backlog", 70));
			assertThat(backlog(lines)).isEqualTo(70);
			assertThat(HttpAnswer.of(plain).pid()).isEqualTo(busy.daemon.pid());
			Swap swap = busy.change(ConfiguredDirective.at("web", plain.port()).secured(),
					ConfiguredDirective.at("line_port", lines.port()).with("backlog", 7));
			assertThat(HttpAnswer.of(plain.secured(busy.tls.context().getSocketFactory())).pid())
				.isEqualTo(swap.successor());
			busy.daemon.await("the new backlog", LIMIT, () -> backlog(lines) == 7);
			assertThat(LineConnection.ask(lines).pid()).isEqualTo(swap.successor());
			busy.stop();
		}
	}

	@Test
	void faultLeavesEverythingAsItWas(Daemons daemons) throws Exception {
		try (Busy busy = Busy.start(daemons);
				ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			long pid = busy.daemon.pid();
			List<String> listening = ListeningSockets.of(pid);
			List<String> files = files(busy.command.home());
			int free = FreePort.find();
			busy.write(http("taken", taken.getLocalPort()), http("good", free), http("other", busy.path("good.sock")),
					http("mode", FreePort.find()).with("chmod", "0600"),
					http("deep", busy.path("missing").resolve("app.sock")),
					ConfiguredDirective.at("odd", FreePort.find()).with("protocol", "gopher"),
					ConfiguredDirective.at("bare", FreePort.find()).with("protocol", "https"));
			int mark = busy.daemon.output().mark();
			busy.daemon.failToSwap(LIMIT);
			List<String> wanted = new ArrayList<>(
					List.of("process " + ProcessHandle.current().pid(), "gopher", busy.path("missing").toString()));
			for (String id : List.of("taken", "mode", "deep", "odd", "bare")) {
				wanted.add("gozd.directives." + id);
			}
			// So long a report may be seen before it is whole.
			busy.daemon.await("a report with " + wanted, LIMIT, () -> {
				String said = busy.daemon.output().since(mark);
				return wanted.stream().allMatch(said.substring(said.indexOf("Reload failed"))::contains);
			});
			busy.daemon.awaitAlone(LIMIT);
			assertThat(busy.daemon.pid()).isEqualTo(pid);
			assertThat(ListeningSockets.of(pid)).isEqualTo(listening);
			assertThat(files(busy.command.home())).isEqualTo(files);
			assertThat(ConnectionTable.listening(Endpoint.plain(free))).isZero();
			busy.write(http("good", free), http("other", busy.path("good.sock")));
			busy.daemon.swap();
			assertThat(HttpAnswer.of(Endpoint.unix(busy.path("good.sock"))).pid()).isEqualTo(busy.daemon.pid());
			busy.stop();
		}
	}

	private static ConfiguredDirective http(String id, int port) {
		return ConfiguredDirective.at(id, port).with("protocol", "http");
	}

	private static ConfiguredDirective http(String id, Path path) {
		return ConfiguredDirective.at(id, path).with("protocol", "http");
	}

	private static String mode(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
	}

	private static int backlog(Endpoint endpoint) throws IOException, InterruptedException {
		Process ss = new ProcessBuilder("ss", "-Hltn", "sport = :" + endpoint.port())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String row = new String(ss.getInputStream().readAllBytes()).strip();
		assertThat(ss.waitFor()).isZero();
		assertThat(row.lines()).hasSize(1);
		return Integer.parseInt(row.split("\\s+")[2]);
	}

	/** All names but those of what generations write of themselves. */
	private static List<String> files(Path home) throws IOException {
		try (Stream<Path> paths = Files.walk(home)) {
			return paths.filter((path) -> !path.startsWith(home.resolve("tmp")))
				.filter((path) -> !path.startsWith(home.resolve("run")))
				.map((path) -> home.relativize(path).toString())
				.sorted()
				.toList();
		}
	}

	/**
	 * A daemon whose first two directives stay, with clients that are busy on them.
	 */
	private static final class Busy implements AutoCloseable {

		private final List<Load> loads = new ArrayList<>();

		private final DaemonCommand command;

		private final DirectivesFile file;

		private final Tls tls;

		private DaemonProcess daemon;

		private Busy(Daemons daemons) {
			this.command = daemons.command()
				.withoutAddress()
				.jar(daemons.sampleOnServerUnderTest("mixed-daemon"))
				.keepAliveTimeout(KEEP_ALIVE)
				.probation(Duration.ofMillis(500));
			this.tls = Tls.generate(daemons.settings().java(), this.command.home());
			this.command.arguments(this.tls.arguments());
			this.file = DirectivesFile.of(this.command);
			write();
			this.daemon = daemons.start(this.command);
			Duration think = Duration.ofMillis(40);
			this.loads.add(Load.start(LoadOptions.light(this.command.endpoint()).thinking(think)));
			this.loads.add(Load.start(LoadOptions.light(Endpoint.unix(path("stays.sock"))).thinking(think)));
		}

		static Busy start(Daemons daemons) {
			return new Busy(daemons);
		}

		Path path(String name) {
			return this.command.home().resolve(name);
		}

		/**
		 * Swaps the daemon for one that has these beside those that stay.
		 */
		Swap change(ConfiguredDirective... directives) {
			write(directives);
			return this.daemon.swap();
		}

		void write(ConfiguredDirective... directives) {
			List<ConfiguredDirective> all = new ArrayList<>(List.of(directives));
			all.add(http("stays", this.command.endpoint().port()));
			all.add(http("stays-too", path("stays.sock")));
			this.file.write(all);
		}

		/**
		 * Ends the load, of which nothing may have failed.
		 */
		void stop() {
			for (Load load : this.loads) {
				load.awaitFurtherAnswers(AS_MANY_AS_ANSWERED);
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid()).containsKey(this.daemon.pid());
			}
		}

		@Override
		public void close() {
			this.loads.forEach(Load::close);
		}

	}

}
