package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Only what does not end this JVM: {@code kill} is used by the tests with processes.
 */
final class FaultsTests {

	@TempDir
	private Path directory;

	@Test
	void nothingHappensUnlessATestAsksForIt() {
		assertThatNoException().isThrownBy(() -> {
			new Faults(null, 1).at("incumbent", "draining");
			new Faults(this.directory.resolve("absent").toString(), 1).at("incumbent", "draining");
		});
	}

	@Test
	void faultsOfOthersMeanNothing() throws IOException {
		Faults faults = faults("""
				successor 1 draining kill
				incumbent 2 draining kill
				incumbent 11 draining kill
				incumbent 1 draining-soon kill
				incumbent 1 drain kill
				# incumbent 1 draining kill

				incumbent 1 draining
				incumbent 1 draining explode
				""");
		assertThatNoException().isThrownBy(() -> faults.at("incumbent", "draining"));
	}

	@Test
	void aStepIsDelayed() throws IOException {
		Faults faults = faults("incumbent 1 draining delay:60\n");
		long begin = System.nanoTime();
		faults.at("incumbent", "draining");
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(60));
	}

	@Test
	void theFileIsReadAtEachStep() throws IOException {
		Faults faults = faults("");
		faults.at("incumbent", "draining");
		Files.writeString(this.directory.resolve("faults"), "incumbent 1 draining delay:60\n");
		long begin = System.nanoTime();
		faults.at("incumbent", "draining");
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(60));
	}

	@Test
	void aThreadHangsForEver() throws Exception {
		Faults faults = faults("incumbent 1 draining hang\n");
		AtomicReference<Throwable> end = new AtomicReference<>();
		Thread thread = new Thread(() -> faults.at("incumbent", "draining"));
		thread.setUncaughtExceptionHandler((failed, exception) -> end.set(exception));
		thread.start();
		Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
		thread.interrupt();
		thread.join();
		assertThat(end.get()).isInstanceOf(IllegalStateException.class);
	}

	@Test
	void aStepIsHeldUntilTheFileIsGone() throws Exception {
		Faults faults = faults("incumbent 1 draining hold\n");
		Thread thread = new Thread(() -> faults.at("incumbent", "draining"));
		thread.start();
		Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
		Files.delete(this.directory.resolve("faults"));
		thread.join();
	}

	private Faults faults(String lines) throws IOException {
		return new Faults(Files.writeString(this.directory.resolve("faults"), lines).toString(), 1);
	}

}
