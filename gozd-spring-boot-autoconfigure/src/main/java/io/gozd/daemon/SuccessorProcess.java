package io.gozd.daemon;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The process of the successor. The JDK reaps it when it ends.
 */
final class SuccessorProcess {

	/**
	 * How long a successor that is told to end may take to delete its temporary files.
	 */
	private static final Duration GRACE = Duration.ofSeconds(3);

	private static final int SIGNALLED = 128;

	private final Process process;

	private final OutputTail output;

	private SuccessorProcess(Process process) {
		this.process = process;
		this.output = OutputTail.of(process);
	}

	static SuccessorProcess start(SuccessorCommand command, CommandLine commandLine, HandoverAddress address)
			throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command.arguments());
		builder.directory(commandLine.directory().toFile());
		builder.redirectInput(ProcessBuilder.Redirect.INHERIT);
		builder.environment().putAll(command.environment());
		builder.environment().put(HandoverAddress.VARIABLE, address.toString());
		return new SuccessorProcess(builder.start());
	}

	long pid() {
		return this.process.pid();
	}

	/** Call back when it has ended and is reaped. */
	void onEnd(Consumer<String> how) {
		this.process.onExit().thenAccept((process) -> how.accept(describe(process.exitValue())));
	}

	private static String describe(int exitValue) {
		return "the successor ended with "
				+ ((exitValue > SIGNALLED) ? "signal " + (exitValue - SIGNALLED) : "exit code " + exitValue);
	}

	List<String> lastLines() {
		return this.output.lastLines();
	}

	/** End it: gently and in bounded time, or at once. */
	void kill(boolean gently) {
		if (!gently) {
			this.process.destroyForcibly();
			return;
		}
		this.process.destroy();
		CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS)
			.execute(this.process::destroyForcibly);
	}

}
