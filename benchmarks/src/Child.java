package benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A server that runs as a child, with the processes that it starts itself.
 */
final class Child implements AutoCloseable {

	private static final long DEADLINE_SECONDS = 60;

	private final Process process;

	private final Path log;

	private final Thread atExit = new Thread(this::kill);

	private Child(Process process, Path log) {
		this.process = process;
		this.log = log;
		// Ctrl-C must not leave it behind.
		Runtime.getRuntime().addShutdownHook(this.atExit);
	}

	/**
	 * Starts it and waits until it is ready.
	 */
	static Child start(Path directory, List<String> command, BooleanSupplier ready)
			throws IOException, InterruptedException {
		Path log = directory.resolve("log");
		Child child = new Child(new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start(), log);
		try {
			child.await(ready);
			return child;
		}
		catch (IOException | InterruptedException ex) {
			child.close();
			throw ex;
		}
	}

	private void await(BooleanSupplier ready) throws IOException, InterruptedException {
		long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
		while (!ready.getAsBoolean()) {
			if (!this.process.isAlive() || System.nanoTime() - end > 0) {
				throw new IOException("It does not serve, and said: " + Files.readString(this.log));
			}
			Thread.sleep(10);
		}
	}

	private void kill() {
		Stream.concat(this.process.descendants(), Stream.of(this.process.toHandle()))
			.toList()
			.forEach(ProcessHandle::destroyForcibly);
	}

	@Override
	public void close() {
		List<ProcessHandle> all = Stream.concat(this.process.descendants(), Stream.of(this.process.toHandle()))
			.toList();
		this.process.destroy();
		try {
			this.process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			all.forEach(ProcessHandle::destroyForcibly);
			Runtime.getRuntime().removeShutdownHook(this.atExit);
		}
	}

}
