package io.gozd.daemon;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;

import io.gozd.posix.FakePosix;
import io.gozd.posix.FakeProcessControl;
import io.gozd.resident.ResidentParent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

final class ResidenceTests {

	private final FakeProcessControl control = new FakeProcessControl();

	@TempDir
	private Path directory;

	@Test
	void everyClassOfTheSmallProcessIsCopied() throws Exception {
		RunDirectory run = new RunDirectory(this.directory, false);
		new Residence(run, null, false, () -> this.control).prepare();
		Path copied = run.resident().resolve("io/gozd/resident");
		// A directory, or a jar.
		ClassLoader own = ResidentParent.class.getClassLoader();
		assertThat(new PathMatchingResourcePatternResolver(own).getResources("classpath*:io/gozd/resident/*.class"))
			.filteredOn((compiled) -> !compiled.getFilename().matches("package-info.*|.*Tests.*"))
			.isNotEmpty()
			.allSatisfy((compiled) -> assertThat(copied.resolve(compiled.getFilename()))
				.hasBinaryContent(compiled.getContentAsByteArray()));
		// Without any other class of this project.
		URL[] classPath = { run.resident().toUri().toURL() };
		try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
			assertThat(loader.loadClass(ResidentParent.class.getName()).getMethod("main", String[].class)).isNotNull();
		}
	}

	@Test
	void hasOrphansOnlyWhenItIsToStayAndPidOneHasThemAnyway() {
		RunDirectory run = new RunDirectory(this.directory, false);
		Residence residence = new Residence(run, null, false, () -> this.control);
		residence.prepare();
		assertThat(this.control.calls()).as("the application's own").isEmpty();
		residence.adoptOrphans();
		assertThat(this.control.calls()).containsExactly("adopt orphans");
		new Residence(run, null, true, () -> this.control).adoptOrphans();
		assertThat(this.control.calls()).hasSize(1);
	}

	@Test
	void runsABareJvmAndEndsWhereThatFails() {
		new Residence(new RunDirectory(this.directory, false), null, false, () -> this.control).stay(7);
		assertThat(this.control.calls()).singleElement()
			.asString()
			.startsWith("replace " + System.getProperty("java.home") + "/bin/java [")
			.contains("-cp, " + this.directory.resolve("resident") + ", io.gozd.resident.ResidentParent, "
					+ this.directory + ", false, 7]");
	}

	@Test
	void whatWasCopiedGoesWithATemporaryDirectory() throws IOException {
		Path path = Files.createDirectory(this.directory.resolve("run"));
		RunDirectory run = new RunDirectory(path, true);
		Residence residence = new Residence(run, null, true, () -> this.control);
		residence.prepare();
		run.leave(1, 4711);
		assertThat(run.resident()).as("it runs from there").isNotEmptyDirectory();
		residence.leave();
		assertThat(path).doesNotExist();
	}

	@Test
	void whatWasCopiedIsThereWhenItIsNeededWhoeverHasCleanedUp() throws IOException {
		RunDirectory run = new RunDirectory(this.directory, false);
		Residence residence = new Residence(run, null, false, () -> this.control);
		residence.prepare();
		run.leaveResident();
		assertThat(run.resident()).doesNotExist();
		residence.stay(0);
		assertThat(run.resident().resolve("io/gozd/resident/ResidentParent.class")).isNotEmptyFile();
		assertThat(this.control.calls()).hasSize(1);
	}

	@Test
	void theLogFileIsNotHeldOpen() {
		FakePosix posix = new FakePosix();
		Logfile logfile = new Logfile(Path.of("/var/log/my.log"), () -> this.control, () -> posix);
		logfile.open(null);
		logfile.keepOriginal();
		logfile.take();
		posix.takeCalls();
		new Residence(new RunDirectory(this.directory, false), logfile, true, () -> this.control).stay(0);
		assertThat(posix.takeCalls()).containsExactly("duplicate 1000 over 1", "duplicate 1001 over 2");
	}

}
