package io.gozd.daemon;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assumptions.assumeThat;

final class SuccessorChecksTests {

	@TempDir
	private Path directory;

	private Path jar;

	private FileStamp stamp;

	@BeforeEach
	void makeJar() throws IOException {
		this.jar = this.directory.resolve("app.jar");
		writeJar(this.jar, "one");
		Files.setLastModifiedTime(this.jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
		this.stamp = FileStamp.of(this.jar);
	}

	@Test
	void aWholeJarIsAccepted() {
		assertThatNoException().isThrownBy(this::check);
	}

	@Test
	void aMissingJarIsSaid() throws IOException {
		Files.delete(this.jar);
		assertThatIOException().isThrownBy(this::check).withMessage(this.jar + " is missing");
	}

	@Test
	void aLinkThatLeadsNowhereIsAMissingJar() throws IOException {
		Files.delete(this.jar);
		Files.createSymbolicLink(this.jar, Path.of("gone.jar"));
		assertThatIOException().isThrownBy(this::check).withMessage(this.jar + " is missing");
	}

	@Test
	void aJarThatIsHalfCopiedIsSaid() throws IOException {
		byte[] whole = Files.readAllBytes(this.jar);
		replaceBy(Arrays.copyOf(whole, whole.length / 2));
		assertThatIOException().isThrownBy(this::check).withMessageStartingWith(this.jar + " is not a whole jar: ");
	}

	@Test
	void anEmptyFileIsSaid() throws IOException {
		replaceBy(new byte[0]);
		assertThatIOException().isThrownBy(this::check).withMessageStartingWith(this.jar + " is not a whole jar: ");
	}

	@Test
	void aJarWithoutEntriesIsSaid() throws IOException {
		byte[] empty = new byte[22];
		System.arraycopy(new byte[] { 'P', 'K', 5, 6 }, 0, empty, 0, 4);
		replaceBy(empty);
		assertThatIOException().isThrownBy(this::check).withMessageStartingWith(this.jar + " is not a whole jar: ");
	}

	@Test
	void aDirectoryInPlaceOfTheJarIsSaid() throws IOException {
		Files.delete(this.jar);
		Files.createDirectory(this.jar);
		assertThatIOException().isThrownBy(this::check).withMessageStartingWith(this.jar + " is not a whole jar: ");
	}

	@Test
	void aJarThatThisUserCanNotReadIsSaid() throws IOException {
		assumeThat(ProcessFile.self().effectiveUser()).as("root can read everything").isNotZero();
		Files.setPosixFilePermissions(this.jar, PosixFilePermissions.fromString("---------"));
		assertThatIOException().isThrownBy(this::check).withMessage(this.jar + " can't be read by this user");
	}

	@Test
	void eachFileOfTheClassPathIsChecked() {
		CommandLine commandLine = new CommandLine(List.of("java"), this.directory,
				Map.of(Path.of("app.jar"), this.stamp, Path.of("lib.jar"), this.stamp));
		assertThatIOException().isThrownBy(() -> SuccessorChecks.check(commandLine, true, false))
			.withMessage(this.directory.resolve("lib.jar") + " is missing");
	}

	@Test
	void aWorkingDirectoryThatIsGoneIsSaid() {
		CommandLine commandLine = new CommandLine(List.of("java"), this.directory.resolve("gone"), Map.of());
		assertThatIOException().isThrownBy(() -> SuccessorChecks.check(commandLine, true, false))
			.withMessage("The working directory " + this.directory.resolve("gone") + " is gone");
	}

	@Test
	void aJarThatWasMovedInPlaceIsTheNextRelease() throws IOException {
		Path next = this.directory.resolve("next.jar");
		writeJar(next, "two");
		Files.move(next, this.jar, StandardCopyOption.REPLACE_EXISTING);
		assertThatNoException().isThrownBy(() -> SuccessorChecks.check(commandLine(), false, false));
	}

	@Test
	void aJarThatWasOverwrittenStopsAProcessThatHasNotLoadedWhatItNeeds() throws IOException {
		writeJar(this.jar, "two");
		assertThatIOException().isThrownBy(() -> SuccessorChecks.check(commandLine(), false, false))
			.withMessageContaining("overwritten in place")
			.withMessageContaining("mv");
	}

	@Test
	void aJarThatWasOverwrittenIsStartedFromWhereThatIsStillPossible() throws IOException {
		writeJar(this.jar, "two");
		assertThatNoException().isThrownBy(() -> SuccessorChecks.check(commandLine(), true, false));
	}

	private void check() throws IOException {
		SuccessorChecks.check(commandLine(), true, false);
	}

	private CommandLine commandLine() {
		return new CommandLine(List.of("java"), this.directory, Map.of(Path.of("app.jar"), this.stamp));
	}

	private void replaceBy(byte[] content) throws IOException {
		Files.delete(this.jar);
		Files.write(this.jar, content);
	}

	private static void writeJar(Path file, String content) throws IOException {
		try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
			zip.putNextEntry(new ZipEntry("content"));
			zip.write(content.repeat(100).getBytes());
		}
	}

}
