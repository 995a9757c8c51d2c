package io.gozd.daemon;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.gozd.listener.SocketFile;
import io.gozd.posix.ProcessFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/** What listens is held open, and not used. */
@SuppressWarnings("try")
final class RunDirectoriesTests {

	@TempDir
	private Path directory;

	private long user;

	@BeforeEach
	void know() throws IOException {
		this.user = ProcessFile.self().effectiveUser();
	}

	@Test
	void theConfiguredDirectoryIsMadeAndListenedIn() throws IOException {
		Path run = this.directory.resolve("run");
		RunDirectories.Claim claim = directories(run, true, 4711).claim(Optional.empty());
		try (ServerSocketChannel control = claim.control()) {
			assertThat(SocketFile.isAnswered(run.resolve("control.sock"))).isTrue();
			assertThat(claim.directory()).isEqualTo(new RunDirectory(run, false));
			assertThat(claim.directory().owner()).hasValue("4711");
		}
	}

	@Test
	void aSecondDaemonIsToldWhoTheFirstIs() throws IOException {
		Path run = this.directory.resolve("run");
		try (ServerSocketChannel control = directories(run, true, 4711).claim(Optional.empty()).control()) {
			assertThatExceptionOfType(DaemonException.class)
				.isThrownBy(() -> directories(run, true, 4712).claim(Optional.empty()))
				.withMessageContaining("The daemon test runs already as pid 4711")
				.withMessageContaining(run.toString())
				.satisfies((ex) -> assertThat(ex.action()).contains("kill -HUP").contains("gozd.name"));
			assertThat(run.resolve("1-4712.sock")).as("the second leaves nothing").doesNotExist();
			assertThat(SocketFile.isAnswered(run.resolve("1-4711.sock"))).isTrue();
		}
	}

	@Test
	void aDirectoryThatCanNotBeUsedIsSaidWithThePropertyAndTheWayOut() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> directories(file, true, 4711).claim(Optional.empty()))
			.withMessageStartingWith("gozd.run-directory=" + file + " can't be used: ")
			.satisfies((ex) -> assertThat(ex.action()).isNotBlank());
		assertThatExceptionOfType(DaemonException.class)
			.isThrownBy(() -> directories(this.directory.resolve("x".repeat(100)), true, 4711).claim(Optional.empty()))
			.withMessageContaining("too long");
	}

	@Test
	void aSuccessorListensWhereItsIncumbentDoesAndDoesNotTakeTheDaemonYet() throws IOException {
		Path run = this.directory.resolve("run");
		try (ServerSocketChannel incumbent = directories(run, true, 4711).claim(Optional.empty()).control()) {
			Path elsewhere = this.directory.resolve("elsewhere");
			RunDirectories successor = new RunDirectories(settings(elsewhere, true), this.user, 2, 4712);
			RunDirectories.Claim claim = successor.claim(Optional.of(run.resolve("1-4711.sock")));
			try (ServerSocketChannel control = claim.control()) {
				assertThat(claim.directory()).isEqualTo(new RunDirectory(run, false));
				assertThat(run.resolve("2-4712.sock")).exists();
				assertThat(claim.directory().owner()).hasValue("4711");
				assertThat(elsewhere).doesNotExist();
			}
		}
	}

	@Test
	void aSuccessorKnowsATemporaryDirectoryByItsName() throws IOException {
		Path run = Files.createTempDirectory(this.directory, "gozd-run-");
		RunDirectories.Claim claim = new RunDirectories(settings(null, false), this.user, 2, 4712)
			.claim(Optional.of(run.resolve("1-4711.sock")));
		try (ServerSocketChannel control = claim.control()) {
			assertThat(claim.directory().temporary()).isTrue();
		}
	}

	@Test
	void byDefaultTheDirectoryIsTheUsersOwnAndHasTheNameOfTheDaemon() throws IOException {
		inHome(() -> {
			RunDirectories.Claim claim = directories(null, false, 4711).claim(Optional.empty());
			try (ServerSocketChannel control = claim.control()) {
				assertThat(claim.directory()).isEqualTo(new RunDirectory(this.directory.resolve(".gozd/test"), false));
			}
		});
	}

	@Test
	void aSecondDaemonOfANameThatNobodyChoseHasADirectoryOfItsOwn() throws IOException {
		inHome(() -> {
			try (ServerSocketChannel first = directories(null, false, 4711).claim(Optional.empty()).control()) {
				RunDirectories.Claim second = directories(null, false, 4712).claim(Optional.empty());
				try (ServerSocketChannel control = second.control()) {
					assertThat(second.directory().temporary()).isTrue();
				}
				second.directory().leave(1, 4712);
				assertThat(second.directory().path()).doesNotExist();
				assertThatExceptionOfType(DaemonException.class).as("a name that somebody chose")
					.isThrownBy(() -> directories(null, true, 4713).claim(Optional.empty()));
			}
		});
	}

	@Test
	void rootsDirectoriesAreTogetherAndAUsersWhereTheUserIs() throws IOException {
		DaemonSettings settings = settings(null, true);
		assertThat(RunDirectories.place(settings, 0)).isEqualTo(Path.of("/run/gozd/test"));
		assertThat(RunDirectories.place(settings(this.directory, true), 0)).isEqualTo(this.directory);
		inHome(() -> assertThat(RunDirectories.place(settings, this.user))
			.isEqualTo(this.directory.resolve(".gozd/test")));
	}

	@Test
	void aPlaceThatIsReadyIsTaken() throws IOException {
		Path place = this.directory.resolve("ready");
		RunDirectories directories = new RunDirectories(settings(null, true), this.user, 1, 4711, place);
		try (ServerSocketChannel control = directories.claim(Optional.empty()).control()) {
			assertThat(place.resolve("control.sock")).isSymbolicLink();
			assertThat(SocketFile.isAnswered(place.resolve("control.sock"))).isTrue();
		}
	}

	@Test
	void whereTheHomeCanNotBeWrittenTheDirectoryIsTemporary() throws IOException {
		inHome(() -> {
			Files.createFile(this.directory.resolve(".gozd"));
			RunDirectories.Claim claim = directories(null, false, 4711).claim(Optional.empty());
			try (ServerSocketChannel control = claim.control()) {
				assertThat(claim.directory().temporary()).isTrue();
			}
			claim.directory().leave(1, 4711);
			assertThat(claim.directory().path()).doesNotExist();
		});
	}

	@Test
	void aDaemonIsFoundWhereItLivesWhateverTheSurroundingsOfWhoLooks() throws IOException {
		List<Path> homes = List.of(this.directory.resolve("session"), this.directory.resolve("home"));
		Path second = homes.get(1).resolve("test");
		assertThat(RunDirectories.place("test", homes)).isEqualTo(homes.get(0).resolve("test"));
		try (ServerSocketChannel control = directories(second, true, 4711).claim(Optional.empty()).control()) {
			assertThat(RunDirectories.place("test", homes)).isEqualTo(second);
		}
		assertThat(RunDirectories.place("test", homes)).isEqualTo(homes.get(0).resolve("test"));
	}

	private RunDirectories directories(@Nullable Path runDirectory, boolean named, long pid) {
		return new RunDirectories(settings(runDirectory, named), this.user, 1, pid);
	}

	private static DaemonSettings settings(@Nullable Path runDirectory, boolean named) {
		return new DaemonSettings("test", named, runDirectory, null, Duration.ofMinutes(15), Duration.ofMinutes(2),
				Duration.ofSeconds(5), 3);
	}

	/** Root's place is /run/gozd, and XDG_RUNTIME_DIR counts before the home. */
	private void inHome(Action action) throws IOException {
		assumeThat(this.user).isNotZero();
		assumeThat(System.getenv("XDG_RUNTIME_DIR")).isNullOrEmpty();
		String home = System.getProperty("user.home");
		System.setProperty("user.home", this.directory.toString());
		try {
			action.run();
		}
		finally {
			System.setProperty("user.home", home);
		}
	}

	private interface Action {

		void run() throws IOException;

	}

}
