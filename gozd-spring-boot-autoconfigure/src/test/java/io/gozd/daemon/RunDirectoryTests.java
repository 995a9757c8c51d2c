package io.gozd.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.gozd.listener.TrustedPath;
import io.gozd.listener.FileOwner;
import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

/** What listens is held open, and not used. */
@SuppressWarnings("try")
final class RunDirectoryTests {

	private static final String LOCK = "gozd.lock";

	@TempDir
	private Path directory;

	private Path path;

	private long user;

	@BeforeEach
	void name() throws IOException {
		this.path = this.directory.resolve("run");
		this.user = ProcessFile.self().effectiveUser();
	}

	@Test
	void isMadePrivateWithWhatLeadsToIt() throws IOException {
		Path deep = this.path.resolve("a/b");
		RunDirectory.prepare(deep, false, this.user);
		assertThat(permissions(deep)).isEqualTo("rwx------");
		assertThat(permissions(this.path)).isEqualTo("rwx------");
	}

	@Test
	void anEmptyDirectoryThatOthersCanReadIsMadePrivate() throws IOException {
		makeReadable();
		RunDirectory.prepare(this.path, false, this.user);
		assertThat(permissions(this.path)).isEqualTo("rwx------");
	}

	@Test
	void aDirectoryWithFilesOfOthersIsRefusedAndUntouched() throws IOException {
		makeReadable();
		Path file = Files.writeString(this.path.resolve("precious"), "data");
		assertThatIOException().isThrownBy(() -> RunDirectory.prepare(this.path, false, this.user))
			.withMessageContaining("not this daemon's");
		assertThat(permissions(this.path)).isEqualTo("rwxr-xr-x");
		assertThat(file).hasContent("data");
		assertThat(this.path).isDirectoryNotContaining((other) -> !other.equals(file));
	}

	@Test
	void aDirectoryOfThisDaemonIsMadePrivateAgain() throws IOException {
		makeReadable();
		Files.createFile(this.path.resolve(LOCK));
		Files.createFile(this.path.resolve("pid"));
		RunDirectory.prepare(this.path, false, this.user);
		assertThat(permissions(this.path)).isEqualTo("rwx------");
	}

	@Test
	void aLinkIsNoProofThatTheDirectoryIsThisDaemons() throws IOException {
		makeReadable();
		Files.createFile(this.directory.resolve("file"));
		Files.createSymbolicLink(this.path.resolve(LOCK), this.directory.resolve("file"));
		assertThatIOException().isThrownBy(() -> RunDirectory.prepare(this.path, false, this.user));
	}

	@Test
	void aPrivateDirectoryWithFilesIsTakenAsItIs() throws IOException {
		RunDirectory.prepare(this.path, false, this.user);
		Path file = Files.createFile(this.path.resolve("notes"));
		RunDirectory.prepare(this.path, false, this.user);
		assertThat(file).exists();
	}

	@Test
	void rootMakesItForAnotherUser() throws IOException {
		assumeRoot();
		Path deep = this.path.resolve("a");
		RunDirectory.give(deep, new FileOwner(4711, 4712));
		assertThat(permissions(deep)).isEqualTo("rwx------");
		assertThat(permissions(this.path)).as("the user gets there").isEqualTo("rwxr-xr-x");
		assertThat(Files.getAttribute(deep, "unix:uid")).isEqualTo(4711);
		assertThat(Files.getAttribute(deep, "unix:gid")).isEqualTo(4712);
		RunDirectory.give(deep, new FileOwner(4711, 4712));
	}

	@Test
	void rootGivesAwayWhatItsOwnDaemonHasLeft() throws IOException {
		assumeRoot();
		RunDirectory run = prepare();
		try (ServerSocketChannel killed = run.listen(3, 4711)) {
			assertThat(run.claim(3, 4711)).isTrue();
			run.take(3, 4711);
			assertThatIOException().isThrownBy(() -> RunDirectory.give(this.path, new FileOwner(4711, 4712)))
				.withMessageContaining("runs in it, as pid 4711");
		}
		RunDirectory.give(this.path, new FileOwner(4711, 4712));
		assertThat(this.path).isEmptyDirectory();
		assertThat(Files.getAttribute(this.path, "unix:uid")).isEqualTo(4711);
	}

	@Test
	void aUserGetsThroughWhatRootsOwnDaemonsHaveMade() throws IOException {
		assumeRoot();
		Path deep = this.path.resolve("a");
		RunDirectory.prepare(deep, false, 0);
		assertThat(permissions(this.path)).isEqualTo("rwx------");
		RunDirectory.give(deep, new FileOwner(4711, 4712), this.path);
		assertThat(permissions(this.path)).isEqualTo("rwxr-xr-x");
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rwx------"));
		RunDirectory.give(deep, new FileOwner(4711, 4712), this.path);
		assertThat(permissions(this.path)).as("what was given before").isEqualTo("rwxr-xr-x");
		assertThat(permissions(deep)).isEqualTo("rwx------");
	}

	@Test
	void aFolderThatIsTheUsersOrIsOpenIsLeftAsItIs() throws IOException {
		assumeRoot();
		FileOwner owner = new FileOwner(4711, 4712);
		Files.createDirectory(this.path);
		owner.own(this.path);
		RunDirectory.give(this.path.resolve("a"), owner, this.path);
		assertThat(this.path).as("the user makes it").isEmptyDirectory();
		new FileOwner(0, 0).own(this.path);
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rwx--x--x"));
		RunDirectory.give(this.path.resolve("a"), owner, this.path);
		assertThat(permissions(this.path)).isEqualTo("rwx--x--x");
	}

	@Test
	void rootGivesAwayNoFilesOfOthers() throws IOException {
		assumeRoot();
		makeReadable();
		Path file = Files.writeString(this.path.resolve("pid"), "precious");
		assertThatIOException().isThrownBy(() -> RunDirectory.give(this.path, new FileOwner(4711, 4712)))
			.withMessageContaining("not this daemon's");
		assertThat(file).hasContent("precious");
		assertThat(Files.getAttribute(this.path, "unix:uid")).isEqualTo(0);
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.path);
		assertThatIOException().isThrownBy(() -> RunDirectory.give(link, new FileOwner(4711, 4712)))
			.withMessage("it is a symbolic link");
	}

	@Test
	void rootDoesNothingWhereTheUserIsAtHome() throws IOException {
		assumeRoot();
		FileOwner owner = new FileOwner(4711, 4712);
		owner.own(this.directory);
		RunDirectory.give(this.path.resolve("deep"), owner);
		assertThat(this.directory).as("the user makes it").isEmptyDirectory();
		RunDirectory run = prepare();
		Files.writeString(this.path.resolve("pid"), "1");
		assertThatIOException().as("whoever owns the folder could put another in its place")
			.isThrownBy(() -> RunDirectory.give(this.path, owner))
			.withMessageContaining("not root's alone");
		assertThat(run.path().resolve("pid")).hasContent("1");
	}

	@Test
	void rootTouchesNoDirectoryOfAnotherUser() throws IOException {
		assumeRoot();
		RunDirectory run = prepare();
		Files.createFile(this.path.resolve(LOCK));
		Files.createDirectory(run.resident());
		new FileOwner(4700, 4700).own(this.path);
		assertThatIOException().isThrownBy(() -> RunDirectory.give(this.path, new FileOwner(4711, 4712)))
			.withMessage("it belongs to another user");
		assertThat(run.resident()).isDirectory();
		assertThat(this.path.resolve(LOCK)).exists();
	}

	@Test
	void rootUsesNoPathThatOthersCanChange() throws IOException {
		assumeRoot();
		Path open = Files.createDirectory(this.directory.resolve("open"));
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThat(TrustedPath.isRootsAlone(this.directory)).isTrue();
		assertThat(TrustedPath.isRootsAlone(open)).isFalse();
		Path link = Files.createSymbolicLink(this.directory.resolve("away"), open);
		assertThat(TrustedPath.isRootsAlone(link)).as("where it leads").isFalse();
		Path strangers = Files.createSymbolicLink(this.directory.resolve("strangers"), Path.of("/"));
		new FileOwner(4700, 4700).own(strangers);
		assertThat(TrustedPath.isRootsAlone(strangers)).isFalse();
		assertThatIOException().isThrownBy(() -> RunDirectory.give(open.resolve("run"), new FileOwner(4711, 4712)))
			.withMessageContaining("not root's alone");
		assertThat(open).isEmptyDirectory();
	}

	private void assumeRoot() {
		assumeThat(this.user).as("only root can give files away").isZero();
	}

	@Test
	void aSymbolicLinkIsRefused() throws IOException {
		Path real = Files.createDirectory(this.directory.resolve("real"));
		Files.createSymbolicLink(this.path, real);
		assertThatIOException().isThrownBy(() -> RunDirectory.prepare(this.path, false, this.user))
			.withMessage("it is a symbolic link");
	}

	@Test
	void aDirectoryOfAnotherUserIsRefused() {
		assertThatIOException().isThrownBy(() -> RunDirectory.prepare(this.path, false, this.user + 1))
			.withMessage("it belongs to another user");
	}

	@Test
	void aFileIsRefused() throws IOException {
		Files.createFile(this.path);
		assertThatIOException().isThrownBy(() -> RunDirectory.prepare(this.path, false, this.user));
		assertThat(this.path).isEmptyFile();
	}

	@Test
	void aPathThatLeavesNoRoomForSocketsIsRefusedBeforeItIsMade() throws IOException {
		int room = 107 - "/9999-4194304.sock.new".length() - this.directory.toString().length() - 1;
		Path longest = this.directory.resolve("x".repeat(room));
		Path tooLong = this.directory.resolve("y".repeat(room + 1));
		RunDirectory.prepare(longest, false, this.user).listen(9999, 4194304).close();
		assertThatIOException().isThrownBy(() -> RunDirectory.prepare(tooLong, false, this.user))
			.withMessageContaining("too long");
		assertThat(tooLong).doesNotExist();
	}

	@Test
	void aSocketIsForThisUserAlone() throws IOException {
		RunDirectory run = prepare();
		try (ServerSocketChannel socket = run.listen(1, 4711)) {
			assertThat(permissions(run.socket(1, 4711))).isEqualTo("rw-------");
			assertThat(run.socket(1, 4711)).isEqualTo(this.path.resolve("1-4711.sock"));
		}
	}

	@Test
	void aSocketThatALostProcessOfThisPidLeftIsReplaced() throws IOException {
		RunDirectory run = prepare();
		run.listen(1, 4711).close();
		try (ServerSocketChannel socket = run.listen(1, 4711)) {
			assertThat(answers(run.socket(1, 4711))).isTrue();
		}
	}

	@Test
	void oneDaemonHasADirectory() throws IOException {
		RunDirectory run = prepare();
		try (ServerSocketChannel first = run.listen(1, 4711); ServerSocketChannel second = run.listen(1, 4712)) {
			assertThat(run.claim(1, 4711)).isTrue();
			assertThat(run.claim(1, 4712)).isFalse();
			assertThat(run.owner()).hasValue("4711");
			assertThat(run.controlSocket()).isSymbolicLink();
			assertThat(answers(run.controlSocket())).isTrue();
		}
	}

	@Test
	void aDaemonThatDiedLeavesItsDirectoryToTheNext() throws IOException {
		RunDirectory run = prepare();
		try (ServerSocketChannel killed = run.listen(3, 4711)) {
			assertThat(run.claim(3, 4711)).isTrue();
			run.take(3, 4711);
		}
		try (ServerSocketChannel next = run.listen(1, 4712)) {
			assertThat(run.claim(1, 4712)).isTrue();
			assertThat(run.owner()).hasValue("4712");
			run.take(1, 4712);
			assertThat(this.path.resolve("pid")).hasContent("4712\n");
			assertThat(run.socket(3, 4711)).as("the stale socket").doesNotExist();
		}
	}

	@Test
	void nobodyOwnsAnEmptyDirectory() throws IOException {
		assertThat(prepare().owner()).isEmpty();
	}

	@Test
	void listsTheOtherGenerationsThatLiveTheOldestFirst() throws IOException {
		RunDirectory run = prepare();
		run.listen(8, 4708).close();
		Files.createFile(this.path.resolve("9-x.sock"));
		try (ServerSocketChannel tenth = run.listen(10, 4710);
				ServerSocketChannel ninth = run.listen(9, 4799);
				ServerSocketChannel own = run.listen(11, 4711)) {
			assertThat(run.living(11, 4711)).containsExactly(run.socket(9, 4799), run.socket(10, 4710));
		}
	}

	@Test
	void takeKeepsTheSocketsOfThoseThatLive() throws IOException {
		RunDirectory run = prepare();
		try (ServerSocketChannel old = run.listen(1, 4711); ServerSocketChannel fresh = run.listen(2, 4712)) {
			run.take(1, 4711);
			run.take(2, 4712);
			assertThat(run.owner()).hasValue("4712");
			assertThat(answers(run.socket(1, 4711))).isTrue();
		}
	}

	@Test
	void theFilesNameOneOfTheTwoAtAnyMoment() throws Exception {
		RunDirectory run = prepare();
		try (ServerSocketChannel one = run.listen(1, 4711); ServerSocketChannel two = run.listen(2, 4712)) {
			run.take(1, 4711);
			AtomicBoolean done = new AtomicBoolean();
			CompletableFuture<Integer> reader = CompletableFuture.supplyAsync(() -> {
				int looks = 0;
				while (!done.get()) {
					assertThat(run.owner()).hasValueSatisfying((pid) -> assertThat(pid).isIn("4711", "4712"));
					assertThat(this.path.resolve("pid")).content().isIn("4711\n", "4712\n");
					looks++;
				}
				return looks;
			});
			for (int i = 0; i < 300 && !reader.isDone(); i++) {
				run.take(2, 4712);
				run.take(1, 4711);
			}
			done.set(true);
			assertThat(reader.get()).isPositive();
		}
	}

	@Test
	void leavingRemovesOnlyWhatNamesThisProcess() throws IOException {
		RunDirectory run = prepare();
		try (ServerSocketChannel old = run.listen(1, 4711); ServerSocketChannel fresh = run.listen(2, 4712)) {
			run.take(1, 4711);
			run.take(2, 4712);
			run.leave(1, 4711);
			assertThat(run.socket(1, 4711)).doesNotExist();
			assertThat(run.owner()).hasValue("4712");
			assertThat(this.path.resolve("pid")).hasContent("4712\n");
			assertThat(answers(run.controlSocket())).isTrue();
			run.leave(2, 4712);
			assertThat(this.path).isEmptyDirectory();
		}
	}

	@Test
	void leavingTwiceIsNoFailure() throws IOException {
		RunDirectory run = prepare();
		run.leave(1, 4711);
		run.leave(1, 4711);
		assertThat(this.path).isDirectory();
	}

	@Test
	void theLastGenerationRemovesATemporaryDirectory() throws IOException {
		RunDirectory run = RunDirectory.prepare(this.path, true, this.user);
		try (ServerSocketChannel old = run.listen(1, 4711); ServerSocketChannel fresh = run.listen(2, 4712)) {
			assertThat(run.claim(1, 4711)).isTrue();
			run.take(1, 4711);
			run.take(2, 4712);
			run.leave(1, 4711);
			assertThat(this.path).isDirectory();
			run.leave(2, 4712);
			assertThat(this.path).doesNotExist();
		}
	}

	private RunDirectory prepare() throws IOException {
		return RunDirectory.prepare(this.path, false, this.user);
	}

	private void makeReadable() throws IOException {
		Files.createDirectory(this.path);
		Files.setPosixFilePermissions(this.path, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	private static String permissions(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
	}

	private static boolean answers(Path socket) {
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			return channel.connect(UnixDomainSocketAddress.of(socket));
		}
		catch (IOException ex) {
			return false;
		}
	}

}
