package io.gozd.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A daemon that root starts and that does not stay root.
 */
@ExtendWith(DaemonExtension.class)
class UserIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final int STRANGER = 65534;

	/** One that every system has. */
	private static final String GROUP = "daemon";

	/** One that no system has. */
	private static final int MEMBERS = 64711;

	/** Asks at a control socket how the daemon is. */
	private static final String TALK = """
			use Socket;
			my $question = "gozd/1 STATUS\n";
			socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die;
			connect($s, sockaddr_un($ARGV[0])) or die "$!\n";
			$SIG{PIPE} = 'IGNORE';
			syswrite($s, pack("N", length $question) . $question);
			sysread($s, my $answer, 4096) or die "Nothing is said\n";
			print $answer;
			""";

	private int user;

	@BeforeEach
	void findUser() {
		Privileges.assumeRoot();
		this.user = Privileges.numberOf(Privileges.OTHER_USER);
	}

	@Test
	void bindsPrivilegedPortsThenServesAndSwapsAsTheUser(Daemons daemons) throws Exception {
		int port = FreePort.findPrivileged();
		DaemonCommand command = command(daemons).port(port);
		Path socket = command.home().resolve("local.sock");
		Path log = command.home().resolve("my.log");
		Path bootLog = command.home().resolve("boot.log");
		int other = FreePort.findPrivileged();
		command.arguments(ConfiguredDirective.at("local", socket).with("chmod", "0660").arguments())
			.arguments(ConfiguredDirective.at("web", other).arguments())
			.arguments("--gozd.logfile=" + log, "--logging.file.name=" + bootLog,
					"--gozd.pidfile=" + command.home().resolve("my.pid"), "--gozd.max-fds.soft=3000",
					"--gozd.max-fds.hard=4000");
		DaemonProcess daemon = daemons.start(command);
		// The last of its files.
		daemon.await("its pid file", LIMIT, () -> Files.exists(command.home().resolve("my.pid")));
		assertIsTheUserAlone(daemon.pid());
		for (Path file : List.of(socket, log, bootLog, command.runDirectory(), command.home().resolve("my.pid"),
				command.runDirectory().resolve("pid"), daemon.controlSocket().toRealPath())) {
			assertThat(Privileges.ownerOf(file)).as(file.toString()).isEqualTo(this.user);
		}
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket))).isEqualTo("rw-rw----");
		assertThat(HttpAnswer.of(Endpoint.unix(socket)).pid()).isEqualTo(daemon.pid());
		assertThat(Privileges.ownerOfListener(port)).isEqualTo(this.user);
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()));
				Load onDirective = Load.start(LoadOptions.light(Endpoint.plain(other)))) {
			List<Long> pids = new ArrayList<>(List.of(daemon.pid()));
			for (int i = 0; i < 5; i++) {
				Swap swap = daemon.swap();
				pids.add(swap.successor());
				assertIsTheUserAlone(swap.successor());
				assertThat(new ProcessView(swap.successor()).fileLimits()).isEqualTo("3000 4000");
				load.awaitAnswerOf(swap.successor());
				load.awaitFurtherAnswers(50);
				daemon.awaitGone(swap.old(), LIMIT);
			}
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid().keySet()).containsExactlyInAnyOrderElementsOf(pids);
			LoadReport directiveReport = onDirective.stop();
			assertThat(directiveReport.failures()).as(directiveReport.toString()).isEmpty();
		}
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("end", LIMIT, () -> daemon.running().isEmpty());
		assertThat(socket).doesNotExist();
	}

	@Test
	void aNewPrivilegedPortFailsTheReloadWithTheReason(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons).withoutAddress();
		int first = FreePort.findPrivileged();
		DirectivesFile file = DirectivesFile.of(command);
		file.write(ConfiguredDirective.at("web", first));
		command.reachedAt(first);
		DaemonProcess daemon = daemons.start(command);
		int second = FreePort.findPrivileged();
		file.write(ConfiguredDirective.at("web", first), ConfiguredDirective.at("other", second));
		int mark = daemon.output().mark();
		daemon.failToSwap(LIMIT);
		daemon.output()
			.await(mark, Pattern.compile("gozd\\.directives\\.other\\.address[\\s\\S]*The user " + Privileges.OTHER_USER
					+ " may not listen on ports below 1024"), LIMIT);
		assertThat(daemon.get().pid()).isEqualTo(daemon.first().pid());
		file.write(ConfiguredDirective.at("web", first), ConfiguredDirective.at("other", FreePort.find()));
		daemon.swap();
	}

	@Test
	void whoIsNotRootCanNotBecomeAnother(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons).through(Privileges.asUser(STRANGER));
		Privileges.give(command.temporaryDirectory(), STRANGER);
		DaemonProcess daemon = daemons.launch(command);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(daemon.output().text()).contains("gozd.user=" + Privileges.OTHER_USER)
			.contains("only root can become another user");
	}

	@Test
	void aUserThatDoesNotExistOrCanNotReadTheJarIsSaid(Daemons daemons) throws IOException {
		DaemonCommand unknown = daemons.command().arguments("--gozd.user=no-such-user");
		DaemonProcess daemon = daemons.launch(unknown);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(daemon.output().text()).contains("gozd.user=no-such-user can't be found");
		DaemonCommand unreadable = command(daemons);
		Files.setPosixFilePermissions(unreadable.ownJar(), PosixFilePermissions.fromString("rw-------"));
		DaemonProcess refused = daemons.launch(unreadable);
		assertThat(refused.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(refused.output().text()).contains("can't read " + unreadable.ownJar());
	}

	@Test
	void moreFilesThanTheHardLimitNeedTheRight(Daemons daemons) throws IOException {
		Path home = Privileges.give(daemons.openDirectory(), STRANGER);
		DaemonCommand command = new DaemonCommand(home, daemons.settings().java(), daemons.jar());
		command.jar(daemons.jar().variant().writeTo(command.ownJar()));
		Privileges.give(Files.createDirectories(command.temporaryDirectory()), STRANGER);
		DaemonProcess daemon = daemons.launch(command.arguments("--gozd.max-fds.hard=4000")
			.through("sh", "-c", "ulimit -n 2000; exec \"$@\"", "sh")
			.through(Privileges.asUser(STRANGER)));
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isEqualTo(1);
		assertThat(daemon.output().text()).contains("gozd.max-fds.hard=4000")
			.contains("The hard limit of this process is 2000");
	}

	/**
	 * Whoever has started it has its commands too. By numbers, with a group that is not
	 * the user's own, with one more of which it is a member, and with a log file in a
	 * folder of root's.
	 */
	@Test
	void rootStartsReloadsAndStopsIt(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons, Integer.toString(this.user)).arguments("--gozd.group=" + GROUP,
				"--gozd.logfile=/mnt/my.log", "--gozd.command=start");
		Path groups = command.home().resolve("group");
		List<String> lines = new ArrayList<>(Files.readAllLines(Path.of("/etc/group")));
		lines.add("gozd-it:x:" + MEMBERS + ":" + Privileges.OTHER_USER);
		Files.write(groups, lines);
		command.through(Privileges
			.inOwnMounts("mount --bind " + groups + " /etc/group; mount -t tmpfs -o mode=0755 tmpfs /mnt"));
		DaemonProcess daemon = daemons.launch(command);
		assertThat(daemon.awaitExitOfFirst(DaemonProcess.START_LIMIT)).as(daemon.output().text()).isZero();
		Path log = Path.of("/proc", Long.toString(daemon.pid()), "root/mnt/my.log");
		assertThat(Privileges.ownerOf(log)).isEqualTo(this.user);
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log))).isEqualTo("rw-r-----");
		int group = Privileges.numberOfGroup(GROUP);
		assertIsTheUserAlone(daemon.pid(), group, MEMBERS);
		CommandRun.Result reload = CommandRun.of(command, "reload");
		assertThat(reload.exitCode()).as(reload.toString()).isZero();
		assertThat(daemon.get().generation()).isEqualTo(2);
		assertIsTheUserAlone(daemon.pid(), group, MEMBERS);
		CommandRun.Result stop = CommandRun.of(command, "stop");
		assertThat(stop.exitCode()).as(stop.toString()).isZero();
		assertThat(daemon.running()).isEmpty();
	}

	@Test
	void aStrangerCanNeitherReadNorSignalNorTalk(Daemons daemons) throws Exception {
		DaemonCommand command = command(daemons);
		DaemonProcess daemon = daemons.start(command);
		assertThat(asStranger("ls", command.runDirectory().toString())).contains("Permission denied");
		assertThat(asStranger("cat", daemon.pidFile().toString())).contains("Permission denied");
		assertThat(asStranger("kill", "-HUP", Long.toString(daemon.pid()))).contains("not permitted");
		assertThat(asStranger("kill", "-TERM", Long.toString(daemon.pid()))).contains("not permitted");
		String[] talk = { "perl", "-e", TALK, daemon.controlSocket().toString() };
		assertThat(asStranger(talk)).contains("Permission denied");
		// Even where the permissions were spoilt.
		for (Path path : List.of(command.runDirectory(), daemon.controlSocket())) {
			Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx"));
		}
		assertThat(asStranger(talk)).isEqualTo("Nothing is said\n");
		assertThat(run(this.user, talk).output()).contains("gozd/1 STATUS", "state: serving");
		daemon.output().await(0, Pattern.compile("User " + STRANGER + " .* may not talk to this daemon"), LIMIT);
		Files.setPosixFilePermissions(command.runDirectory(), PosixFilePermissions.fromString("rwx------"));
		assertThat(daemon.get().pid()).isEqualTo(daemon.first().pid());
		daemon.swap();
	}

	private static String asStranger(String... command) throws IOException, InterruptedException {
		CommandRun.Result result = run(STRANGER, command);
		assertThat(result.exitCode()).as(result.toString()).isNotZero();
		return result.output();
	}

	private static CommandRun.Result run(int uid, String... command) throws IOException, InterruptedException {
		List<String> all = new ArrayList<>(List.of(Privileges.asUser(uid)));
		// A program of its own: the shell's kill says it in other words.
		all.addAll(List.of("env", "LC_ALL=C"));
		all.addAll(List.of(command));
		Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		return new CommandRun.Result(process.waitFor(), output, "");
	}

	private void assertIsTheUserAlone(long pid) throws IOException {
		assertIsTheUserAlone(pid, this.user);
	}

	private void assertIsTheUserAlone(long pid, int group, int... more) throws IOException {
		ProcessView process = new ProcessView(pid);
		String id = Integer.toString(this.user);
		String gid = Integer.toString(group);
		String groups = gid + IntStream.of(more).mapToObj((each) -> " " + each).collect(Collectors.joining());
		assertThat(process.threadStatus("Uid")).containsExactly(String.join(" ", id, id, id, id));
		assertThat(process.threadStatus("Gid")).containsExactly(String.join(" ", gid, gid, gid, gid));
		assertThat(process.threadStatus("Groups")).containsExactly(groups);
		for (String capabilities : List.of("CapPrm", "CapEff", "CapAmb")) {
			assertThat(process.threadStatus(capabilities)).as(capabilities).containsExactly("0000000000000000");
		}
	}

	private DaemonCommand command(Daemons daemons) throws IOException {
		return command(daemons, Privileges.OTHER_USER);
	}

	/** In a directory of that user, which is not private. */
	private DaemonCommand command(Daemons daemons, String user) throws IOException {
		Path home = Privileges.give(daemons.openDirectory(), this.user);
		DaemonCommand command = new DaemonCommand(home, daemons.settings().java(), daemons.jar());
		Privileges.give(Files.createDirectories(command.temporaryDirectory()), this.user);
		// What leads to the project may be private.
		return command.jar(daemons.jar().variant().writeTo(command.ownJar()))
			.arguments("--gozd.user=" + user)
			.shortKeepAlive()
			.probation(Duration.ofMillis(500));
	}

}
