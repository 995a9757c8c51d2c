package io.gozd.daemon;

import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.gozd.posix.ProcessFile;

/**
 * The process of the successor. The JDK reaps it when it ends.
 */
final class SuccessorProcess {

	private static final int SIGNALLED = 128;

	private static final int REAPED_SECONDS = 5;

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
		Process process = builder.start();
		try {
			return new SuccessorProcess(process);
		}
		catch (RuntimeException | Error ex) {
			// No more threads, say: nobody would know of it.
			process.toHandle().destroyForcibly();
			throw ex;
		}
	}

	long pid() {
		return this.process.pid();
	}

	/** What it has ended with, if it has: 128 and the signal, where it was one. */
	OptionalInt exitCode() {
		try {
			// The JDK hears of its end a moment after the kernel.
			boolean ended = !ProcessFile.of(pid()).isAlive() && this.process.waitFor(REAPED_SECONDS, TimeUnit.SECONDS);
			return ended ? OptionalInt.of(this.process.exitValue()) : OptionalInt.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return OptionalInt.empty();
		}
	}

	/**
	 * Call back when it has ended and is reaped. In a thread of its own: the common pool
	 * is the application's, and may be full.
	 */
	void onEnd(Consumer<String> how) {
		Thread thread = new Thread(() -> {
			try {
				how.accept(describe(this.process.waitFor()));
			}
			catch (InterruptedException ex) {
				// Nobody interrupts it.
			}
		}, "gozd-successor");
		thread.setDaemon(true);
		thread.start();
	}

	private static String describe(int exitValue) {
		return "the successor ended with "
				+ ((exitValue > SIGNALLED) ? "signal " + (exitValue - SIGNALLED) : "exit code " + exitValue);
	}

	List<String> lastLines() {
		return this.output.lastLines();
	}

	/** Ask it to end. Its output stays open, unlike that of {@link Process#destroy()}. */
	void terminate() {
		this.process.toHandle().destroy();
	}

	/** End it at once. */
	void kill() {
		this.process.toHandle().destroyForcibly();
	}

}
