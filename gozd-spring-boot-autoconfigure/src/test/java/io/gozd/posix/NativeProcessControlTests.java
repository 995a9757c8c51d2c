package io.gozd.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * On the real kernel, with what does no harm to the process that runs the tests.
 */
final class NativeProcessControlTests {

	private final ProcessControl control = NativeProcessControl.get();

	@TempDir
	private Path directory;

	@Test
	void findsUsersByNameAndByNumber() throws IOException {
		Account root = this.control.account("root", null);
		assertThat(root.uid()).isZero();
		assertThat(root.gid()).isZero();
		assertThat(root.groups()).contains(0L);
		assertThat(root.home()).isAbsolute();
		assertThat(this.control.account("0", null)).isEqualTo(root);
	}

	@Test
	void allGroupsOfEachUserAreFound() throws Exception {
		List<String> users = Files.readAllLines(Path.of("/etc/passwd"))
			.stream()
			.map((line) -> line.split(":")[0])
			.toList();
		for (String user : users.subList(0, Math.min(users.size(), 20))) {
			Process id = new ProcessBuilder("id", "-G", user).start();
			List<Long> expected = Stream
				.of(new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip().split(" "))
				.map(Long::valueOf)
				.toList();
			assertThat(id.waitFor()).isZero();
			assertThat(this.control.account(user, null).groups()).as(user)
				.containsExactlyInAnyOrderElementsOf(expected);
		}
	}

	@Test
	void theGroupThatIsNamedIsThePrimaryOne() throws IOException {
		Account account = this.control.account("root", "4711");
		assertThat(account.gid()).isEqualTo(4711);
		assertThat(account.groups()).contains(4711L);
		assertThat(this.control.account("root", "root").gid()).isZero();
	}

	@Test
	void aNumberThatNoUserHasNeedsAGroup() throws IOException {
		assertThat(this.control.account("3999999999", "4711"))
			.isEqualTo(new Account("3999999999", 3999999999L, 4711, List.of(4711L), null));
		assertThatIOException().isThrownBy(() -> this.control.account("3999999999", null))
			.withMessageContaining("3999999999");
	}

	@Test
	void whoDoesNotExistIsSaid() {
		assertThatIOException().isThrownBy(() -> this.control.account("no-such-user", null))
			.withMessageContaining("'no-such-user'");
		assertThatIOException().isThrownBy(() -> this.control.account("root", "no-such-group"))
			.withMessageContaining("'no-such-group'");
		assertThatIOException().isThrownBy(() -> this.control.account("4294967295", "0"))
			.withMessageContaining("4294967295");
	}

	@Test
	void aLogFileIsMadePrivateAndAppendedTo() throws IOException {
		Path file = this.directory.resolve("zażółć.log");
		int fd = this.control.openLog(file, null);
		try {
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-r-----");
			assertThat(Descriptors.target(fd)).isEqualTo(file.toRealPath().toString());
			String flags = Files.readString(Path.of("/proc/self/fdinfo/" + fd))
				.lines()
				.filter((line) -> line.startsWith("flags:"))
				.findFirst()
				.orElseThrow();
			assertThat(Long.parseLong(flags.replaceAll("\\D", ""), 8) & 02006001)
				.as("O_CLOEXEC, O_APPEND, O_WRONLY, and not O_NONBLOCK")
				.isEqualTo(02002001);
		}
		finally {
			NativePosix.get().close(fd);
		}
	}

	@Test
	void aLogFileForAnotherUserIsNoLink() throws IOException {
		Path precious = Files.writeString(this.directory.resolve("precious"), "data");
		Path link = Files.createSymbolicLink(this.directory.resolve("link.log"), precious);
		Path hardLink = Files.createLink(this.directory.resolve("hard.log"), precious);
		long user = ProcessFile.self().effectiveUser();
		Account self = new Account("self", user, ProcessFile.self().effectiveGroup(), List.of(), null);
		assertThatIOException().isThrownBy(() -> this.control.openLog(link, self));
		assertThatIOException().isThrownBy(() -> this.control.openLog(hardLink, self))
			.withMessageContaining("no file of its own");
		int fd = this.control.openLog(link, null);
		NativePosix.get().close(fd);
		fd = this.control.openLog(this.directory.resolve("own.log"), self);
		NativePosix.get().close(fd);
	}

	@Test
	@Timeout(30)
	void aPipeThatNobodyReadsHoldsNobodyUp() throws Exception {
		Path pipe = this.directory.resolve("pipe");
		assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
		assertThatIOException().isThrownBy(() -> this.control.openLog(pipe, null));
	}

	@Test
	void aLogFileWhoseDirectoryIsMissingIsSaid() {
		assertThatIOException().isThrownBy(() -> this.control.openLog(this.directory.resolve("gone/log"), null))
			.withMessageContaining("No such file");
	}

	@Test
	void theLimitOfThisProcessIsReadAndSetToWhatItIs() throws IOException {
		FileLimit limit = FileLimit.ofThisProcess();
		assertThat(limit.soft()).isPositive().isLessThanOrEqualTo(limit.hard());
		this.control.limitOpenFiles(limit);
		assertThat(FileLimit.ofThisProcess()).isEqualTo(limit);
		assertThatIOException()
			.isThrownBy(() -> this.control.limitOpenFiles(new FileLimit(limit.hard() + 1, limit.hard())))
			.withMessageContaining("setrlimit");
	}

}
