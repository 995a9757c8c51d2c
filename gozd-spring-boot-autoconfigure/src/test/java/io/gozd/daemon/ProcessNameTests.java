package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

final class ProcessNameTests {

	@TempDir
	private Path directory;

	private Path file;

	@BeforeEach
	void name() {
		this.file = this.directory.resolve("comm");
	}

	@ParameterizedTest
	@CsvSource({ "java, java (draining)", "a-long-launcher, a-lo (draining)", "j, j (draining)" })
	void aGenerationThatDrainsSaysSoInFifteenBytes(String before, String draining) throws IOException {
		Files.writeString(this.file, before + "\n");
		ProcessName name = new ProcessName(this.file);
		name.draining();
		assertThat(kernel()).isEqualTo(draining).hasSizeLessThanOrEqualTo(15);
		name.draining();
		assertThat(kernel()).as("told twice").isEqualTo(draining);
		Files.writeString(this.file, "");
		name.restore();
		assertThat(kernel()).isEqualTo(before);
	}

	@Test
	void aNameThatWasNeverChangedStays() throws IOException {
		Files.writeString(this.file, "java\n");
		new ProcessName(this.file).restore();
		assertThat(kernel()).isEqualTo("java");
	}

	@Test
	void aKernelThatDoesNotTellIsBorne() {
		ProcessName name = new ProcessName(this.directory.resolve("missing"));
		assertThatNoException().isThrownBy(() -> {
			name.draining();
			name.restore();
		});
	}

	/** The name of the first thread, whichever thread writes it. */
	@Test
	void theKernelTakesItForTheProcess() throws IOException {
		Path own = Path.of("/proc", Long.toString(ProcessHandle.current().pid()), "comm");
		String before = Files.readString(own).strip();
		ProcessName name = ProcessName.ofThisProcess();
		try {
			name.draining();
			assertThat(Files.readString(own).strip()).endsWith("(draining)");
		}
		finally {
			name.restore();
		}
		assertThat(Files.readString(own).strip()).isEqualTo(before);
	}

	private String kernel() throws IOException {
		return Files.readString(this.file).strip();
	}

}
