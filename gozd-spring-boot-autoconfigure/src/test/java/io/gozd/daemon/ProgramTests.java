package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.gozd.handover.Message;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ProgramTests {

	@TempDir
	private Path directory;

	private Program daemon;

	@BeforeEach
	void start() throws IOException {
		Files.createFile(this.directory.resolve("app.jar"));
		Files.createFile(this.directory.resolve("other.jar"));
		this.daemon = Program.of(this.directory, "app.jar", "app.jar --server.port=1 --x=a b");
	}

	@ParameterizedTest
	@CsvSource({ "app.jar, app.jar --server.port=1 --x=a b, true",
			"./app.jar, ./app.jar --server.port=1 --gozd.command=stop --x=a b, true",
			"app.jar, app.jar --gozd.command-timeout=1s --server.port=1 --x=a b --gozd.format=json, true",
			"app.jar, app.jar --server.port=2 --x=a b, false", "app.jar, app.jar, false",
			"other.jar, other.jar --server.port=1 --x=a b, false" })
	void aCommandMeansWhoRunsTheSame(String classPath, String command, boolean same) throws IOException {
		assertThat(isTheDaemon(Program.of(this.directory, classPath, command))).isEqualTo(same);
	}

	@Test
	void aMainClassIsNoArgument() {
		assertThat(Program.of(this.directory, "app.jar:lib.jar", "com.example.Main --a --gozd.command=stop"))
			.isEqualTo(new Program(this.directory.resolve("app.jar"), "--a"));
		assertThat(Program.of(this.directory, "my app.jar", "my app.jar --a"))
			.isEqualTo(new Program(this.directory.resolve("my app.jar"), "--a"));
		assertThat(Program.of(this.directory, "my app.jar", "my app.jar"))
			.isEqualTo(new Program(this.directory.resolve("my app.jar"), ""));
	}

	@Test
	void aLinkMayBeFlippedMeanwhileAndTypedOrNot() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("current.jar"), Path.of("app.jar"));
		Program typed = Program.of(this.directory, "current.jar", "current.jar --server.port=1 --x=a b");
		assertThat(isTheDaemon(typed)).isTrue();
		this.daemon = typed;
		Files.delete(link);
		Files.createSymbolicLink(link, Path.of("other.jar"));
		assertThat(isTheDaemon(typed)).isTrue();
	}

	@Test
	void whoDoesNotTellIsAnother() throws IOException {
		assertThat(this.daemon.isRunBy(Message.of(Message.STATUS))).isFalse();
	}

	private boolean isTheDaemon(Program command) throws IOException {
		return command.isRunBy(this.daemon.addTo(Message.of(Message.STATUS)));
	}

}
