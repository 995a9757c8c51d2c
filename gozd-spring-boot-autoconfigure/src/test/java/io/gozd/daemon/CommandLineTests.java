package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class CommandLineTests {

	@Test
	void isWhatTheKernelWasGiven() throws IOException {
		assertThat(CommandLine.ofThisProcess().arguments()).isEqualTo(ProcessFile.self().commandLine());
	}

	@Test
	void theDirectoryIsTheWorkingDirectoryHoweverItWasTyped() throws IOException {
		Path directory = CommandLine.ofThisProcess().directory();
		assertThat(directory).isAbsolute();
		assertThat(Files.isSameFile(directory, Path.of(""))).isTrue();
	}

	@Test
	void theClassPathHasTheFilesAsTheyAreAndNoDirectories() throws IOException {
		CommandLine commandLine = CommandLine.ofThisProcess();
		assertThat(commandLine.classPath()).isNotEmpty();
		for (Map.Entry<Path, FileStamp> entry : commandLine.classPath().entrySet()) {
			Path file = commandLine.directory().resolve(entry.getKey());
			assertThat(file).isRegularFile();
			assertThat(entry.getValue()).isEqualTo(FileStamp.of(file));
		}
	}

}
