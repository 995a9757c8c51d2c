package io.gozd.tomcat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class TemporaryFilesTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@CsvSource({ "tomcat.8080.1234567890, false", "tomcat.0.1, false", "my-tomcat, true", "tomcat.8080.kept, true" })
	void onlyWhatSpringBootMakesIsDeletedWithTheProcess(String name, boolean kept) throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djava.io.tmpdir=" + this.directory, "-cp", System.getProperty("java.class.path"),
				TemporaryTomcat.class.getName(), name)
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes());
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		assertThat(process.exitValue()).as(output).isZero();
		assertThat(this.directory.resolve(name).toFile().exists()).isEqualTo(kept);
	}

}
