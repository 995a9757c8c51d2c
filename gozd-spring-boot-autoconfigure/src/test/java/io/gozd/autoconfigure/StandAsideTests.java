package io.gozd.autoconfigure;

import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.gozd.boot.PlainEnvironment;
import io.gozd.daemon.Daemon;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

final class StandAsideTests {

	@Test
	void aTestStandsAside() {
		assertThat(StandAside.from(Test.class)).contains(new StandAside("this is a test or a build", true, false));
	}

	@Test
	void anApplicationThatATestRunsIsNoDaemon() {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Empty.class)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			// Not even looked at.
			.properties("gozd.exit-timeout=-1s")
			.run()) {
			assertThat(context.getBeanProvider(Daemon.class).getIfAvailable()).isNull();
			assertThat(context.containsBean("gozdDaemonApplication")).isFalse();
		}
	}

	@Test
	void classesInADirectoryStandAside(@TempDir Path directory) throws Exception {
		// The tests themselves may be in a jar.
		Path file = directory.resolve(Empty.class.getName().replace('.', '/') + ".class");
		Files.createDirectories(file.getParent());
		try (InputStream in = Empty.class.getResourceAsStream("StandAsideTests$Empty.class")) {
			Files.copy(in, file);
		}
		try (URLClassLoader loader = new URLClassLoader(new URL[] { directory.toUri().toURL() }, null)) {
			assertThat(outsideOfTheTest(loader.loadClass(Empty.class.getName())))
				.contains(new StandAside("the application does not run from a jar", true, true));
		}
	}

	@Test
	void anApplicationThatNobodyKnowsStandsAside() throws Exception {
		assertThat(outsideOfTheTest(null))
			.contains(new StandAside("the application does not run from a jar", true, true));
	}

	@Test
	void aCommandIsRefusedWhereItWouldRunTheApplication() throws Exception {
		PlainEnvironment environment = new PlainEnvironment().withProperty("gozd.command", "stop");
		StandAside classes = outsideOfTheTest(null).orElseThrow();
		assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class)
			.isThrownBy(() -> GozdApplicationListener.refuseCommand(environment, classes))
			.withMessageContaining("gozd.command")
			.withMessageContaining("does not run from a jar");
		GozdApplicationListener.refuseCommand(environment, StandAside.secondApplication());
		GozdApplicationListener.refuseCommand(environment, StandAside.from(StandAsideTests.class).orElseThrow());
		GozdApplicationListener.refuseCommand(new PlainEnvironment(), classes);
	}

	@Test
	void aJarOnLinuxIsADaemon() throws Exception {
		assertThat(outsideOfTheTest(Test.class)).isEmpty();
	}

	@Test
	void aSecondApplicationOfAProcessSaysNothing() {
		assertThat(StandAside.secondApplication().expected()).isTrue();
	}

	/** In a thread whose stack has no frame of a test. */
	private static Optional<StandAside> outsideOfTheTest(Class<?> mainClass) throws Exception {
		CompletableFuture<Optional<StandAside>> reason = new CompletableFuture<>();
		new Thread(() -> {
			try {
				reason.complete(StandAside.from(mainClass));
			}
			catch (RuntimeException ex) {
				reason.completeExceptionally(ex);
			}
		}).start();
		return reason.get(10, TimeUnit.SECONDS);
	}

	/** An application. */
	@Configuration(proxyBeanMethods = false)
	static class Empty {

	}

}
