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

import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

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
			assertThat(socket.isOpen()).isTrue();
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
			assertThat(socket.isOpen()).isTrue();
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
			assertThat(first.isOpen() && second.isOpen()).isTrue();
		}
	}

	@Test
	void aDaemonThatDiedLeavesItsDirectoryToTheNext() throws IOException {
		RunDirectory run = prepare();
		try (ServerSocketChannel killed = run.listen(3, 4711)) {
			assertThat(run.claim(3, 4711)).isTrue();
			run.take(3, 4711);
			assertThat(killed.isOpen()).isTrue();
		}
		try (ServerSocketChannel next = run.listen(1, 4712)) {
			assertThat(run.claim(1, 4712)).isTrue();
			assertThat(run.owner()).hasValue("4712");
			run.take(1, 4712);
			assertThat(this.path.resolve("pid")).hasContent("4712\n");
			assertThat(run.socket(3, 4711)).as("the stale socket").doesNotExist();
			assertThat(next.isOpen()).isTrue();
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
			assertThat(tenth.isOpen() && ninth.isOpen() && own.isOpen()).isTrue();
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
			assertThat(old.isOpen() && fresh.isOpen()).isTrue();
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
			assertThat(one.isOpen() && two.isOpen()).isTrue();
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
			assertThat(old.isOpen() && fresh.isOpen()).isTrue();
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
			assertThat(old.isOpen() && fresh.isOpen()).isTrue();
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
