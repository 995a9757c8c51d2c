package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.gozd.it.CommandRun.Result;
import io.gozd.it.fixture.BrokenBean;
import io.gozd.it.fixture.GateController;
import io.gozd.it.fixture.HangingBean;
import io.gozd.it.fixture.HeldBean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every command in every state of a daemon: what it prints, its exit code, and what is
 * the case afterwards. The daemon of a test goes through several states.
 */
@ExtendWith(DaemonExtension.class)
class CommandIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int AT_ONCE = 10;

	private static final String START = "--gozd.command=start";

	private static final String JSON = "--gozd.format=json";

	private static final Pattern SINCE = Pattern.compile("\"since\":\"([^\"]+)\"");

	private static final List<Row> NOT_RUNNING = List.of(new Row("status", 3, "demo is not running"),
			new Row("stop", 0, "demo is not running"), new Row("kill", 0, "demo is not running"),
			new Row("reload", 1, "demo is not reloaded: it is not running"));

	private static final List<Row> WRITTEN_OTHERWISE = List.of(
			new Row("reopen", 1, "demo is not reloaded: it is not running"),
			new Row("status", 3, "\\{\"name\":\"demo\",\"running\":false,\"generations\":\\[]}", JSON),
			new Row("restart", 2, "gozd\\.command=restart is not valid: Known are run, start, .*"),
			new Row("status", 4, "gozd\\.format=xml is not valid: Known are text, json", "--gozd.format=xml"));

	@Test
	void notRunning(Daemons daemons) {
		DaemonCommand command = command(daemons);
		assertRows("not running", command, NOT_RUNNING);
		assertRows("not running", command, WRITTEN_OTHERWISE);
		assertThat(command.runDirectory()).doesNotExist();
	}

	/** The jar may be broken as well: no context is made for a command. */
	@Test
	void staleFilesAndAStrangersPid(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).environment("GOZD_COMMAND", "start");
		Path good = Files.copy(command.ownJar(), command.home().resolve("good.jar"));
		DaemonProcess daemon = launchAndAwait(daemons, command);
		long killed = daemon.pid();
		assertThat(new ProcessView(killed).environment()).doesNotContainKey("GOZD_COMMAND").containsKey("GOZD_IT_HOME");
		Signal.KILL.sendTo(killed);
		awaitGone(killed);
		Process stranger = new ProcessBuilder("sleep", "600").start();
		try {
			Files.writeString(command.runDirectory().resolve("pid"), stranger.pid() + "\n");
			assertThat(command.runDirectory().resolve("control.sock")).isSymbolicLink();
			daemons.jar().variant().configuration(BrokenBean.class).writeTo(command.ownJar());
			assertRows("stale files", command, NOT_RUNNING);
			assertStartQuotesWhatWasWritten(command);
			assertThat(stranger.isAlive()).isTrue();
			Files.move(good, command.ownJar(), StandardCopyOption.REPLACE_EXISTING);
			assertRow("stale files", command,
					new Row("start", 0, "\\{\"name\":\"demo\",\"running\":true,\"pid\":\\d+}", JSON));
			assertThat(daemon.pid()).isNotIn(killed, stranger.pid()).isEqualTo(daemon.get().pid());
			assertRow("serving", command, new Row("stop", 0, "\\{\"name\":\"demo\",\"running\":false}", JSON));
			assertThat(daemon.running()).isEmpty();
			assertThat(stranger.isAlive()).isTrue();
		}
		finally {
			stranger.destroyForcibly();
		}
	}

	/** Of a start that fails: on its output, then in its log file. */
	private static void assertStartQuotesWhatWasWritten(DaemonCommand command) {
		Path log = command.home().resolve("my.log");
		ProcessBuilder builder = command.processBuilder();
		builder.command().add("--gozd.logfile=" + log);
		// The JVM says so at once, before there is a log file.
		builder.environment().put("JAVA_TOOL_OPTIONS", "-Dit=1");
		Result result = CommandRun.start(builder, command.home()).await();
		assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
		assertThat(result.output()).isEmpty();
		assertThat(result.errors()).contains("demo does not start: it ended with exit code 1\n  | Picked up JAVA_TOOL")
			.containsPattern("  \\| .*a bean is broken on purpose");
		assertThat(log).content().contains("a bean is broken on purpose").doesNotContain("Picked up");
	}

	/** On the newest JDK, which has warnings of its own for who calls native code. */
	@Test
	void startedInTheBackground(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons).java(daemons.settings().newestJava());
		Instant before = Instant.now();
		DaemonProcess daemon = start(daemons, command);
		long pid = daemon.pid();
		ProcessView process = new ProcessView(pid);
		assertThat(daemon.output().text()).as("only the pid is printed").isEqualTo(pid + "\n");
		assertThat(process.session()).isEqualTo(pid);
		assertThat(process.commandLine()).doesNotContain(START)
			.containsAll(
					command.vector().stream().filter((argument) -> !argument.startsWith("--gozd.command=")).toList());
		for (int descriptor = 0; descriptor < 3; descriptor++) {
			assertThat(Files.readSymbolicLink(Path.of("/proc/" + pid + "/fd/" + descriptor))).hasToString("/dev/null");
		}
		assertRow("serving", command, new Row("start", 1, "demo is running already, as pid " + pid + " .*"));
		assertRow("serving", command, status("serving"));
		assertThat(daemon.get().pid()).isEqualTo(pid);
		assertJson(command, pid, before);

		assertRow("serving", command,
				new Row("reopen", 0, "Generation 1 [\\s\\S]*Generation 2 starts \\(pid \\d+\\)[\\s\\S]*"
						+ "Generation 2 serves[\\s\\S]*demo is reloaded: generation 2 has it"));
		assertThat(daemon.pid()).isNotEqualTo(pid);
		assertThat(daemon.get().generation()).isEqualTo(2);
		assertRow("reloaded", command, new Row("status", 0,
				"demo: generation 2 \\(pid " + daemon.pid() + "\\): serving[\\s\\S]*last reload: succeeded at \\S+"));
		daemon.awaitGone(pid, LIMIT);
		assertThat(new ProcessView(daemon.pid()).session()).as("the session of the first").isEqualTo(pid);

		daemons.jar().variant().configuration(BrokenBean.class).writeTo(command.ownJar());
		long incumbent = daemon.pid();
		assertRow("a broken jar", command,
				new Row("reload", 1, "[\\s\\S]*demo is not reloaded: [\\s\\S]*a bean is broken on purpose[\\s\\S]*"));
		assertThat(daemon.get().pid()).isEqualTo(incumbent).isEqualTo(daemon.pid());
		assertRow("after a failure", command, new Row("status", 0, "[\\s\\S]*last reload: failed at \\S+: [\\s\\S]*"));
		assertRow("serving", command, new Row("kill", 0, "Pid " + incumbent + " is killed\ndemo has ended"));
		assertThat(daemon.running()).isEmpty();
		assertThat(daemon.pidFile()).doesNotExist();
	}

	private static void assertJson(DaemonCommand command, long pid, Instant before) {
		Result result = CommandRun.of(command, "status", JSON);
		assertThat(result.exitCode()).isZero();
		assertThat(result.output()).startsWith("{").endsWith("}\n").hasLineCount(1);
		assertThat(result.output()).contains("\"name\":\"demo\"", "\"running\":true", "\"pid\":" + pid,
				"\"generation\":1", "\"state\":\"serving\"", "\"version\":\"0.1.0-SNAPSHOT\"");
		assertThat(result.output()).containsPattern(
				"\"listeners\":\\[\\{\"address\":\"127\\.0\\.0\\.1:\\d+\",\"open\":\\d+,\"accepted\":[1-9]");
		Matcher since = SINCE.matcher(result.output());
		assertThat(since.find()).as(result.output()).isTrue();
		assertThat(Instant.parse(since.group(1))).isBetween(before.truncatedTo(ChronoUnit.SECONDS), Instant.now());
		assertThat(result.errors()).isEmpty();
	}

	/**
	 * Nine ask while the reload of one runs: they share the one that follows it. Nobody
	 * whom a daemon starts does what the configuration file says.
	 */
	@Test
	void tenReloadsAtOnce(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		daemons.jar().variant().configuration(HeldBean.class).writeTo(command.ownJar());
		Path hold = command.home().resolve("hold");
		new PropertiesFile(command.home().resolve("application.properties")).write("gozd.command=start");
		DaemonProcess daemon = launchAndAwait(daemons, holding(command, hold));
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			Files.createFile(hold);
			List<CommandRun> reloads = new ArrayList<>();
			for (int i = 0; i < AT_ONCE; i++) {
				reloads.add(CommandRun.start(command, "reload"));
			}
			// Ten JVMs start, beside the load.
			daemon.await("all that ask", DaemonProcess.START_LIMIT.multipliedBy(2),
					() -> count(reloads, "starts the application") == 1
							&& count(reloads, "Another reload goes on: this one follows it") == AT_ONCE - 1);
			Files.delete(hold);
			for (CommandRun reload : reloads) {
				Result result = reload.await();
				assertThat(result.exitCode()).as(result.toString()).isZero();
				assertThat(result.output()).containsPattern("demo is reloaded: generation [23] has it");
			}
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
		assertThat(daemon.get().generation()).isEqualTo(3);
		assertRow("reloaded", command, new Row("stop", 0, "Pid \\d+ is told to end\ndemo has ended"));
	}

	private static long count(List<CommandRun> runs, String text) throws IOException {
		long count = 0;
		for (CommandRun run : runs) {
			count += run.output().contains(text) ? 1 : 0;
		}
		return count;
	}

	@Test
	void starting(Daemons daemons) {
		DaemonCommand command = command(daemons);
		daemons.jar().variant().configuration(HangingBean.class).writeTo(command.ownJar());
		DaemonProcess daemon = launchHanging(daemons, command);
		assertRow("starting", command, status("starting"));
		assertRow("starting", command, new Row("start", 1, "demo is running already, .*"));
		String follows = "The application starts still: the reload follows\n";
		CommandRun reload = reloadThatWaits(daemon, command, follows);
		assertRow("starting", command, overdueReload(follows));
		assertRow("starting", command, new Row("stop", 0, "Pid \\d+ is told to end\ndemo has ended"));
		assertFailed(reload.await(), "demo is not reloaded: ");
		assertThat(daemon.running()).isEmpty();
		launchHanging(daemons, command);
		assertRow("starting", command, new Row("kill", 0, "Pid \\d+ is killed\ndemo has ended"));
		assertThat(daemon.running()).isEmpty();
		assertRow("not ready in time", command, new Row("start", 1,
				"demo does not start: it was not ready in time[\\s\\S]*", "--gozd.command-timeout=2s"));
		assertThat(daemon.running()).isEmpty();
	}

	private static DaemonProcess launchHanging(Daemons daemons, DaemonCommand command) {
		DaemonProcess daemon = daemons.launch(command);
		daemon.await("the control socket", LIMIT, () -> Files.exists(daemon.controlSocket()));
		return daemon;
	}

	@Test
	void reloading(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		daemons.jar().variant().configuration(HeldBean.class).writeTo(command.ownJar());
		Path hold = command.home().resolve("hold");
		DaemonProcess daemon = daemons.start(holding(command, hold));
		Files.createFile(hold);
		CommandRun first = reloadThatWaits(daemon, command, "starts the application");
		assertRow("reloading", command, status("reloading"));
		assertRow("reloading", command, new Row("start", 1, "demo is running already, .*"));
		String follows = "Another reload goes on: this one follows it\n";
		CommandRun next = reloadThatWaits(daemon, command, follows);
		assertRow("reloading", command, overdueReload(follows));
		assertThat(daemon.get().pid()).isEqualTo(daemon.first().pid());
		assertRow("reloading", command, new Row("stop", 0, "Pid \\d+ is told to end\ndemo has ended"));
		assertFailed(first.await(), "demo is not reloaded: ");
		assertFailed(next.await(), "demo is not reloaded: ");
		assertThat(daemon.running()).isEmpty();

		Files.delete(hold);
		daemons.start(command);
		Files.createFile(hold);
		CommandRun second = reloadThatWaits(daemon, command, "starts the application");
		assertRow("reloading", command, new Row("kill", 0, "(Pid \\d+ is killed\n)+demo has ended"));
		assertFailed(second.await(), "the daemon has ended meanwhile");
		assertThat(daemon.running()).isEmpty();
	}

	private static CommandRun reloadThatWaits(DaemonProcess daemon, DaemonCommand command, String step) {
		CommandRun reload = CommandRun.start(command, "reload");
		daemon.await(step, DaemonProcess.START_LIMIT, () -> reload.output().contains(step));
		return reload;
	}

	/** In that time a JVM that has just started may not have heard anything yet. */
	private static Row overdueReload(String follows) {
		return new Row("reload", 1, "(" + follows + ")?demo is not reloaded: nothing is decided after 1 s",
				"--gozd.command-timeout=1s");
	}

	/** Its reloads wait for the test, which starts command after command meanwhile. */
	private static DaemonCommand holding(DaemonCommand command, Path hold) {
		return command.arguments("--it.hold=" + hold, "--gozd.reload.timeout=10m");
	}

	private static void assertFailed(Result result, String reason) {
		assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
		assertThat(result.errors()).contains(reason);
	}

	@Test
	void draining(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar());
		DaemonProcess daemon = daemons.start(command);
		long first = daemon.pid();
		String name = new ProcessView(first).name();
		try (SlowRequest slow = SlowRequest.start(daemon, command.home())) {
			assertRow("with a request that runs", command, new Row("reload", 0, "[\\s\\S]*demo is reloaded: .*"));
			assertThat(new ProcessView(first).name()).isEqualTo(name + " (draining)");
			assertThat(new ProcessView(daemon.pid()).name()).isEqualTo(name);
			assertRow("draining", command,
					new Row("status", 0,
							"demo: generation 2 [\\s\\S]*\ngeneration 1 \\(pid " + first
									+ "\\): draining, [\\s\\S]*waits for [1-9]\\d* connections until \\S+\n"
									+ "  127\\.0\\.0\\.1:\\d+: [1-9]\\d* open[\\s\\S]*"));
			assertRow("draining", command,
					new Row("start", 1, "demo is running already, as pid " + daemon.pid() + " .*"));
			assertRow("draining", command,
					new Row("reload", 0, "\\{\"name\":\"demo\",\"reloaded\":true,\"generation\":3}", JSON));
			assertRow("draining", command,
					new Row("stop", 1,
							"Pid \\d+ is told to end\ndemo has not ended after 30 s: pid " + first + " lives\\. .*",
							"--gozd.command-timeout=30s"));
			assertRow("a drain is left", command, new Row("status", 3,
					"demo is not running\ngeneration 1 \\(pid " + first + "\\): draining, [\\s\\S]*"));
			assertRow("a drain is left", command,
					new Row("reload", 1, "demo is not reloaded: nobody has the daemon: what is left of it drains"));
			assertThat(new ProcessView(slow.pid()).runs()).isTrue();
			assertRow("draining", command, new Row("kill", 0, "Pid " + first + " is killed\ndemo has ended"));
		}
		assertThat(daemon.running()).isEmpty();
	}

	/** A second stop waits as the first does, and breaks nothing. */
	@Test
	void stopping(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons);
		daemons.jar().variant().configuration(GateController.class).writeTo(command.ownJar());
		DaemonProcess daemon = daemons.start(command);
		String answer = "Pid \\d+ is told to end\ndemo has not ended after 1 s: pid \\d+ lives\\. .*";
		Row overdue = new Row("stop", 1, answer, "--gozd.command-timeout=1s");
		try (SlowRequest slow = SlowRequest.start(daemon, command.home())) {
			assertRow("serving", command, overdue);
			assertRow("stopping", command, status("stopping"));
			assertRow("stopping", command, new Row("start", 1, "demo is running already, .*"));
			assertRow("stopping", command, new Row("reload", 1, "demo is not reloaded: .*"));
			assertRow("stopping", command, overdue);
			CommandRun last = CommandRun.start(command, "stop");
			daemon.await("the third stop", LIMIT, () -> last.output().contains("is told to end"));
			assertThat(slow.finish().status()).isEqualTo(200);
			assertThat(last.await().exitCode()).isZero();
		}
		assertThat(daemon.running()).isEmpty();
	}

	/** A second daemon of this name would have a place where no command looks. */
	@Test
	void aNameThatNobodyChose(Daemons daemons) throws IOException {
		DaemonCommand command = daemons.commandWithOwnJar().foundByName("it-" + ProcessHandle.current().pid());
		try {
			DaemonProcess daemon = daemons.start(command);
			String answer = "[\\s\\S]*Pid " + daemon.pid()
					+ " runs another jar, or with other arguments\\. gozd\\.name tells daemons apart, .*";
			boolean full = daemons.settings().full();
			for (String asked : full ? List.of("status", "stop", "kill", "reload") : List.of("status", "stop")) {
				int exitCode = asked.equals("status") ? 4 : 1;
				assertRow("another port", command, new Row(asked, exitCode, answer, "--server.port=1"));
			}
			assertRow("the same", command, new Row("status", 0, "it-\\S+: generation 1 [\\s\\S]*"));
			assertRow("the same", command, new Row("stop", 0, "Pid \\d+ is told to end\nit-\\S+ has ended"));
			assertThat(daemon.running()).isEmpty();
		}
		finally {
			for (String file : List.of("gozd.lock", "pid", "control.sock")) {
				Files.deleteIfExists(command.runDirectory().resolve(file));
			}
			Files.deleteIfExists(command.runDirectory());
		}
	}

	/** A generation that comes back has its name again. */
	@Test
	void afterARollback(Daemons daemons) {
		DaemonCommand command = command(daemons, Duration.ofSeconds(30));
		DaemonProcess daemon = daemons.start(command);
		String name = new ProcessView(daemon.pid()).name();
		CommandRun reload = reloadThatWaits(daemon, command, "Generation 2 serves");
		Signal.KILL.sendTo(daemon.pid());
		assertFailed(reload.await(), "demo is not reloaded: ");
		assertThat(daemon.pid()).isEqualTo(daemon.first().pid());
		assertThat(new ProcessView(daemon.pid()).name()).isEqualTo(name);
		assertRow("after a rollback", command, status("serving"));
	}

	@Test
	void anotherUser(Daemons daemons) throws IOException {
		Assumptions.assumeTrue(Files.getOwner(Path.of("/proc/self")).getName().equals("root"),
				"Only root can be another user");
		DaemonCommand command = command(daemons);
		DaemonProcess daemon = daemons.start(command);
		Path open = daemons.openDirectory();
		Path jar = Files.copy(command.ownJar(), open.resolve("app.jar"));
		Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
		for (String asked : List.of("status", "stop", "kill", "reload", "start")) {
			ProcessBuilder builder = new ProcessBuilder("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
					daemons.settings().java().tool("java").toString(), "-jar", jar.toString(), "--gozd.name=demo",
					"--gozd.run-directory=" + command.runDirectory(), "--gozd.command=" + asked)
				.directory(open.toFile());
			Result result = CommandRun.start(builder, command.home()).await();
			assertThat(result.exitCode()).as(asked + ": " + result).isEqualTo(asked.equals("status") ? 4 : 1);
			assertThat(result.errors()).contains("another user").doesNotContain("pid " + daemon.pid());
		}
		assertThat(daemon.get().pid()).isEqualTo(daemon.pid());
	}

	private static Row status(String state) {
		return new Row("status", 0, "demo: generation 1 \\(pid \\d+\\): " + state + "[\\s\\S]*");
	}

	private static void assertRows(String state, DaemonCommand command, List<Row> rows) {
		rows.forEach((row) -> assertRow(state, command, row));
	}

	private static void assertRow(String state, DaemonCommand command, Row row) {
		Result result = CommandRun.of(command, row.command(), row.arguments());
		String what = state + ": " + row.command() + " " + result;
		assertThat(result.exitCode()).as(what).isEqualTo(row.exitCode());
		assertThat((result.output() + result.errors()).strip()).as(what).matches(Pattern.compile(row.output()));
	}

	private static DaemonProcess start(Daemons daemons, DaemonCommand command) {
		if (!command.vector().contains(START)) {
			command.arguments(START);
		}
		return launchAndAwait(daemons, command);
	}

	private static DaemonProcess launchAndAwait(Daemons daemons, DaemonCommand command) {
		DaemonProcess daemon = daemons.launch(command);
		assertThat(daemon.awaitExitOfFirst(DaemonProcess.START_LIMIT)).as(daemon.output().text()).isZero();
		return daemon;
	}

	private static void awaitGone(long pid) {
		Deadline.in(LIMIT).await("end of " + pid, () -> !new ProcessView(pid).runs());
	}

	private static DaemonCommand command(Daemons daemons) {
		return command(daemons, Duration.ofMillis(500));
	}

	private static DaemonCommand command(Daemons daemons, Duration probation) {
		return daemons.commandWithOwnJar().arguments("--gozd.name=demo").shortKeepAlive().probation(probation);
	}

	/**
	 * What is to be seen of one command.
	 *
	 * @param command the command
	 * @param exitCode its exit code
	 * @param output a pattern of all that it prints, errors last
	 * @param arguments more arguments
	 */
	private record Row(String command, int exitCode, String output, String... arguments) {

	}

}
