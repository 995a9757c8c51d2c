package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class PidFileTests {

	@TempDir
	private Path directory;

	private Path file;

	@BeforeEach
	void name() {
		this.file = this.directory.resolve("daemon.pid");
	}

	@Test
	void holdsThePidInALine() throws IOException {
		PidFile.write(this.file, 4711);
		assertThat(this.file).hasContent("4711\n");
		assertThat(Files.getPosixFilePermissions(this.file)).isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
		assertThat(this.directory).isDirectoryNotContaining((other) -> !other.equals(this.file));
	}

	@Test
	void isReplacedByAnotherFileAndNeverWrittenIn() throws IOException {
		PidFile.write(this.file, 4711);
		Path link = Files.createLink(this.directory.resolve("link"), this.file);
		PidFile.write(this.file, 4712);
		assertThat(this.file).hasContent("4712\n");
		assertThat(link).hasContent("4711\n");
	}

	@Test
	void followsNoLinkThatSomebodyHasPutThere() throws IOException {
		Path victim = Files.writeString(this.directory.resolve("victim"), "precious");
		Files.createSymbolicLink(this.file, victim);
		Files.createSymbolicLink(this.directory.resolve("daemon.pid.4711"), victim);
		PidFile.write(this.file, 4711);
		assertThat(victim).hasContent("precious");
		assertThat(this.file).hasContent("4711\n").isRegularFile();
		assertThat(Files.isSymbolicLink(this.file)).isFalse();
	}

	@Test
	void aLeftoverOfThisPidIsNoObstacle() throws IOException {
		Files.writeString(this.directory.resolve("daemon.pid.4711"), "47");
		PidFile.write(this.file, 4711);
		assertThat(this.file).hasContent("4711\n");
	}

	@Test
	void aDirectoryThatIsMissingIsSaid() {
		assertThatIOException().isThrownBy(() -> PidFile.write(this.directory.resolve("gone/pid"), 4711));
	}

	@Test
	void isRemovedByTheProcessThatItNames() throws IOException {
		PidFile.write(this.file, 4711);
		PidFile.remove(this.file, 4711);
		assertThat(this.file).doesNotExist();
		PidFile.remove(this.file, 4711);
	}

	@ParameterizedTest
	@ValueSource(strings = { "4712\n", "47110\n", "", "4711 4712", "garbage" })
	void isLeftWhereItNamesSomebodyElse(String content) throws IOException {
		Files.writeString(this.file, content);
		PidFile.remove(this.file, 4711);
		assertThat(this.file).hasContent(content);
	}

}
