package io.gozd.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class ProcessFileTests {

	@TempDir
	private Path directory;

	@Test
	void thisProcessIsAliveAndHasItsParentAndItsUser() throws IOException {
		ProcessFile self = ProcessFile.self();
		assertThat(self.isAlive()).isTrue();
		assertThat(self.parent()).isEqualTo(ProcessHandle.current().parent().orElseThrow().pid());
		assertThat(self.effectiveUser())
			.isEqualTo(((Number) Files.getAttribute(this.directory, "unix:uid")).longValue());
	}

	@Test
	void aProcessIsFoundByItsPid() throws IOException {
		ProcessFile process = ProcessFile.of(ProcessHandle.current().pid());
		assertThat(process.commandLine()).isEqualTo(ProcessFile.self().commandLine());
		assertThat(process.isAlive()).isTrue();
	}

	@Test
	void theCommandLineOfThisProcessBeginsWithTheLauncher() throws IOException {
		assertThat(ProcessFile.self().commandLine()).hasSizeGreaterThan(1).first().asString().endsWith("java");
	}

	@Test
	void aProcessThatIsNotThereIsNotAlive() {
		ProcessFile nobody = new ProcessFile(this.directory.resolve("4711"));
		assertThat(nobody.isAlive()).isFalse();
		assertThat(nobody.status("VmRSS", 10)).isEmpty();
		assertThatIOException().isThrownBy(nobody::parent);
		assertThatIOException().isThrownBy(nobody::commandLine);
		assertThatIOException().isThrownBy(nobody::effectiveUser);
	}

	@ParameterizedTest
	@CsvSource({ "R, true", "S, true", "D, true", "T, true", "Z, false", "X, false" })
	void aZombieHasEnded(String state, boolean alive) throws IOException {
		write("stat", "4711 (java) " + state + " 12 4711 4711 0 -1\n");
		assertThat(new ProcessFile(this.directory).isAlive()).isEqualTo(alive);
	}

	@Test
	void theNameOfAProgramCanNotFoolTheParser() throws IOException {
		write("stat", "4711 (Z) Z 1 (evil)) S 12 4711 4711 0 -1\n");
		ProcessFile process = new ProcessFile(this.directory);
		assertThat(process.isAlive()).isTrue();
		assertThat(process.parent()).isEqualTo(12);
	}

	@Test
	void argumentsMayBeEmptyOrHoldBlanksAndLineBreaks() throws IOException {
		write("cmdline", "java\0-Da=b c\0\0-jar\0zażółć.jar\0line\nbreak\0\0");
		assertThat(new ProcessFile(this.directory).commandLine())
			.isEqualTo(List.of("java", "-Da=b c", "", "-jar", "zażółć.jar", "line\nbreak", ""));
	}

	@Test
	void aCommandLineThatTheLocaleCanNotRepeatIsRefusedWithTheWayOut() throws IOException {
		Files.write(this.directory.resolve("cmdline"),
				new byte[] { 'j', 'a', 'v', 'a', 0, (byte) 0xFF, (byte) 0xFE, 0 });
		assertThatIOException().isThrownBy(() -> new ProcessFile(this.directory).commandLine())
			.withMessageContaining("LANG=C.UTF-8");
	}

	@Test
	void numbersOfTheStatusFileAreReadInTheirRadix() throws IOException {
		write("status", "Name:\tjava\nVmRSS:\t  123456 kB\nSigIgn:\tffffffff80000001\nSigCgt:\t\n");
		ProcessFile process = new ProcessFile(this.directory);
		assertThat(process.status("VmRSS", 10)).hasValue(123456L);
		assertThat(process.status("SigIgn", 16)).hasValue(0xffffffff80000001L);
		assertThat(process.status("VmHWM", 10)).isEmpty();
		assertThat(process.status("Vm", 10)).isEmpty();
	}

	@Test
	void theEffectiveUserIsTheOneWhoseRightsCount() throws IOException {
		write("status", "Name:\tjava\nUid:\t1000\t33\t44\t55\n");
		assertThat(new ProcessFile(this.directory).effectiveUser()).isEqualTo(33);
	}

	@Test
	void thisProcessHasMemory() {
		assertThat(ProcessFile.self().status("VmRSS", 10).orElseThrow()).isGreaterThan(10_000);
	}

	private void write(String name, String content) throws IOException {
		Files.writeString(this.directory.resolve(name), content, StandardCharsets.UTF_8);
	}

}
