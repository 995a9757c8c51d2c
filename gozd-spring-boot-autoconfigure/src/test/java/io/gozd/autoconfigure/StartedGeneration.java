package io.gozd.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.gozd.daemon.Application;
import io.gozd.daemon.DaemonSettings;
import io.gozd.daemon.Generation;
import io.gozd.daemon.Launch;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A first generation in the process of the test, with its files in a temporary directory.
 * It has the signals of the process until the test is over.
 */
final class StartedGeneration implements BeforeEachCallback, AfterEachCallback {

	private final SpringDaemonApplication application = new SpringDaemonApplication();

	private Path directory;

	private Generation generation;

	Generation generation() {
		return this.generation;
	}

	Application application() {
		return this.application;
	}

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		this.directory = Files.createTempDirectory("gozd");
		DaemonSettings settings = new DaemonSettings("test", true, this.directory.resolve("run"), null,
				Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(1), 3);
		this.generation = Launch.begin().configure(settings, Set.of("HUP"), this.application);
	}

	@Override
	public void afterEach(ExtensionContext context) throws Exception {
		CountDownLatch closed = new CountDownLatch(1);
		this.generation.closing(closed::countDown);
		assertThat(closed.await(10, TimeUnit.SECONDS)).as("it leaves").isTrue();
		FileSystemUtils.deleteRecursively(this.directory);
	}

}
