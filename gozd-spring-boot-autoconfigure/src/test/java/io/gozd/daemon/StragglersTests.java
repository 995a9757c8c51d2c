package io.gozd.daemon;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.gozd.posix.ProcessFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** What listens is held open, and not used. */
@Timeout(30)
@SuppressWarnings("try")
final class StragglersTests {

	private final Loop loop = new Loop();

	private final CompletableFuture<Void> gone = new CompletableFuture<>();

	@TempDir
	private Path directory;

	private RunDirectory run;

	private Stragglers stragglers;

	@BeforeEach
	void prepare() throws IOException {
		this.run = RunDirectory.prepare(this.directory.resolve("run"), false, ProcessFile.self().effectiveUser());
		this.stragglers = new Stragglers(new DaemonFiles(this.run, null, null, 2, 4712), this.loop);
	}

	@Test
	void theLastOfAllWaitsForNobody() throws IOException {
		this.run.listen(1, 4711).close();
		this.stragglers.await(Duration.ofMinutes(1), () -> this.gone.complete(null));
		assertThat(this.gone).as("at once").isDone();
	}

	@Test
	void othersAreWaitedFor() throws IOException {
		try (ServerSocketChannel drains = this.run.listen(1, 4711)) {
			this.stragglers.await(Duration.ofMinutes(1), () -> this.gone.complete(null));
			assertThat(this.gone).isNotDone();
		}
		this.gone.join();
	}

	@Test
	void theyAreNotWaitedForForEver() throws IOException {
		try (ServerSocketChannel hangs = this.run.listen(1, 4711)) {
			this.stragglers.await(Duration.ofMillis(1), () -> this.gone.complete(null));
			this.gone.join();
		}
	}

}
