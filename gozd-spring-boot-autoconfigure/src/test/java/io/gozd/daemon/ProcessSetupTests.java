package io.gozd.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.gozd.listener.Directive;
import io.gozd.listener.FileOwner;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.Protocol;
import io.gozd.posix.Account;
import io.gozd.posix.FakePosix;
import io.gozd.posix.FakeProcessControl;
import io.gozd.posix.FileLimit;
import io.gozd.posix.ProcessFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

final class ProcessSetupTests {

	private static final FileOwner ROOT = new FileOwner(0, 0);

	private static final FileOwner WWW = new FileOwner(33, 33);

	private final FakeProcessControl control = new FakeProcessControl();

	private final FakePosix posix = new FakePosix();

	private final List<String> order = new ArrayList<>();

	private final String userName = System.getProperty("user.name");

	private final String userHome = System.getProperty("user.home");

	@TempDir
	private Path directory;

	private Path log;

	@BeforeEach
	void addUser() throws IOException {
		// No folder, for whoever wants to make one there.
		Files.createFile(this.directory.resolve("file"));
		this.log = this.directory.resolve("my.log");
		this.control.add(new Account("www", 33, 33, List.of(33L), Path.of("/var/www")));
		this.control.add(new Account("root", 0, 0, List.of(0L), Path.of("/root")));
	}

	@AfterEach
	void restore() {
		System.setProperty("user.name", this.userName);
		System.setProperty("user.home", this.userHome);
	}

	@Test
	void rootBindsAndOpensBeforeItBecomesTheUser() {
		Path log = Path.of("/my.log");
		run(ROOT, new ProcessSettings("www", null, null, null, log, null));
		assertThat(this.order).containsExactly("bind");
		assertThat(this.control.calls()).containsExactly("open " + log + " for www", "become www");
		assertThat(this.posix.takeCalls()).as("another daemon may run").isEmpty();
		assertThat(System.getProperty("user.name")).isEqualTo("www");
		assertThat(System.getProperty("user.home")).isEqualTo("/var/www");
	}

	@Test
	void rootOpensNothingInAFolderThatIsNotItsOwn() throws IOException {
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
		run(ROOT, new ProcessSettings("www", null, null, null, this.log, null));
		assertThat(this.control.calls()).containsExactly("become www", "open " + this.log);
	}

	@Test
	void socketsThatRootHasMadeAreGivenToTheUser() throws IOException {
		ListenerTable table = table();
		Directive directive = new Directive("web", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
				Protocol.TCP, Set.of(), 50, 1, null, null);
		CommandLine commandLine = new CommandLine(List.of("java"), this.directory, Map.of());
		setup(ROOT, new ProcessSettings("www", null, null, null, null, null), commandLine).run(paths(), table, () -> {
			try {
				table.prepare(directive);
				this.posix.listens(table.open().get(0).name(), 42);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		table.closePrepared();
		assertThat(this.control.calls()).containsExactly("give socket 42 to www", "become www");
	}

	/** What it would give away belongs to the incumbent, too. */
	@Test
	void aSuccessorOfRootDoesNotBecomeAnother() {
		CommandLine commandLine = new CommandLine(List.of("java"), this.directory, Map.of());
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> setup(ROOT, new ProcessSettings("www", null, null, null, this.log, null), commandLine)
				.run(new DaemonPaths(null, false, null, null), table(), () -> this.order.add("bind")))
			.withMessageContaining("gozd.user=www counts from the next start on");
		assertThat(this.order).isEmpty();
		assertThat(this.control.calls()).isEmpty();
	}

	@Test
	void nothingIsBoundEarlyByWhoIsTheUserAlready() {
		run(WWW, new ProcessSettings("www", null, null, null, this.log, null));
		assertThat(this.order).isEmpty();
		assertThat(this.control.calls()).containsExactly("open " + this.log);
	}

	@Test
	void onlyRootCanBecomeAnother() {
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(new FileOwner(1000, 1000), new ProcessSettings("www", null, null, null, null, null)))
			.withMessageContaining("gozd.user=www")
			.withMessageContaining("1000")
			.satisfies((ex) -> assertThat(ex.action()).contains("root"));
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(new FileOwner(33, 1000), new ProcessSettings("www", "www", null, null, null, null)))
			.withMessageContaining("gozd.group=www");
		assertThat(this.control.calls()).isEmpty();
	}

	@Test
	void whatIsAskedForAndNotThereIsSaid() {
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(ROOT, new ProcessSettings("nobody-here", null, null, null, null, null)))
			.withMessageContaining("gozd.user=nobody-here")
			.withMessageContaining("there is no user");
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(ROOT, new ProcessSettings(null, "www", null, null, null, null)))
			.withMessageContaining("gozd.group=www")
			.withMessageContaining("gozd.user");
	}

	@Test
	void rootKeepsWhatItIsUnderAnotherGroup() {
		this.control.add(new Account("root", 0, 33, List.of(33L), Path.of("/root")));
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(ROOT, new ProcessSettings("root", "www", null, null, null, null)))
			.withMessageContaining("gozd.user=root, gozd.group=www")
			.withMessageContaining("keeps every right");
	}

	@Test
	void aLimitThatTheKernelDoesNotAllowIsSaidToRoot() throws IOException {
		this.control.failAt("limit");
		long hard = FileLimit.ofThisProcess().hard() + 1;
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(ROOT, new ProcessSettings(null, null, null, hard, null, null)))
			.satisfies((ex) -> assertThat(ex.action()).contains("fs.nr_open").doesNotContain("as root"));
	}

	@Test
	void aRunDirectoryThatNobodyChoseMayBeImpossible() {
		Path file = this.directory.resolve("file/run");
		FileOwner www = new FileOwner(33, 33);
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> new DaemonPaths(file, true, null, null).giveTo(www))
			.withMessageContaining(file.toString());
		new DaemonPaths(file, false, null, null).giveTo(www);
		assertThat(Files.exists(file)).isFalse();
	}

	@Test
	@SuppressWarnings("try")
	void aNameThatSomebodyChoseIsNoTwoUsersDaemon() throws IOException {
		assumeThat(ProcessFile.self().effectiveUser()).as("only root can give files away").isZero();
		RunDirectory run = RunDirectory.prepare(this.directory.resolve("run"), false, 0);
		FileOwner www = new FileOwner(33, 33);
		try (ServerSocketChannel other = run.listen(1, 4711)) {
			run.take(1, 4711);
			new DaemonPaths(run.path(), false, null, null).giveTo(www);
			assertThatExceptionOfType(DaemonException.class)
				.isThrownBy(() -> new DaemonPaths(run.path(), false, "my", null).giveTo(www))
				.withMessageContaining("The daemon my runs already as pid 4711");
		}
	}

	@Test
	void aDropThatFailsEndsTheStart() {
		this.control.failAt("become");
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(ROOT, new ProcessSettings("www", null, null, null, null, null)))
			.withMessageContaining("Operation not permitted")
			.withMessageContaining("gozd.user=www");
	}

	@Test
	void limitsAreSetBeforeTheUserAndOnlyWhereTheyDiffer() throws IOException {
		FileLimit now = FileLimit.ofThisProcess();
		run(ROOT, new ProcessSettings("www", null, now.hard() - 1, now.hard(), null, null));
		assertThat(this.control.calls()).containsExactly("limit " + (now.hard() - 1) + " " + now.hard(), "become www");
		this.control.calls().clear();
		run(WWW, new ProcessSettings(null, null, now.soft(), now.hard(), null, null));
		assertThat(this.control.calls()).isEmpty();
		run(WWW, new ProcessSettings(null, null, null, now.hard() - 1, null, null));
		assertThat(this.control.calls()).containsExactly("limit " + (now.hard() - 1) + " " + (now.hard() - 1));
	}

	@Test
	void aLimitThatIsTooHighIsSaidWithTheOneThatIs() throws IOException {
		FileLimit now = FileLimit.ofThisProcess();
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(WWW, new ProcessSettings(null, null, now.hard() + 1, null, null, null)))
			.withMessageContaining("gozd.max-fds.soft=" + (now.hard() + 1))
			.withMessageContaining(Long.toString(now.hard()));
		this.control.failAt("limit");
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> run(WWW, new ProcessSettings(null, null, null, now.hard() + 1, null, null)))
			.withMessageContaining("gozd.max-fds.hard=" + (now.hard() + 1))
			.withMessageContaining("The hard limit of this process is " + now.hard());
	}

	@Test
	void whatASuccessorCouldNotReadIsSaidNow() {
		Path gone = this.directory.resolve("gone.jar");
		CommandLine commandLine = new CommandLine(List.of("java"), this.directory,
				Map.of(gone, new FileStamp(null, 0, FileTime.fromMillis(0))));
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> setup(ROOT, new ProcessSettings("www", null, null, null, null, null), commandLine)
				.run(paths(), table(), () -> {
				}))
			.withMessageContaining(gone.toString());
	}

	@Test
	void aPidFileThatTheUserCanNotMakeIsSaid() {
		Path pidfile = this.directory.resolve("gone/my.pid");
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> new DaemonPaths(null, false, null, pidfile).check("www"))
			.withMessageContaining("gozd.pidfile=" + pidfile)
			.withMessageContaining("www");
		new DaemonPaths(null, false, null, this.directory.resolve("my.pid")).check("www");
	}

	@Test
	void itIsEmptyWhereNothingIsConfigured() {
		assertThat(new ProcessSettings(null, null, null, null, null, null).isEmpty()).isTrue();
		assertThat(new ProcessSettings(null, null, 1024L, null, null, null).isEmpty()).isFalse();
		assertThat(new ProcessSettings(null, null, null, null, this.log, null).isEmpty()).isFalse();
	}

	private @Nullable Logfile run(FileOwner user, ProcessSettings settings) {
		CommandLine commandLine = new CommandLine(List.of("java"), this.directory, Map.of());
		assertThat(Files.isDirectory(this.directory)).isTrue();
		return setup(user, settings, commandLine).run(paths(), table(), () -> this.order.add("bind"));
	}

	/** Where root is somebody else, nothing is made there. */
	private DaemonPaths paths() {
		return new DaemonPaths(this.directory.resolve("run"), false, null, null);
	}

	private ProcessSetup setup(FileOwner user, ProcessSettings settings, CommandLine commandLine) {
		return new ProcessSetup(settings, commandLine, user, () -> this.control, () -> this.posix);
	}

	private ListenerTable table() {
		return new ListenerTable(() -> this.posix, List::of);
	}

}
