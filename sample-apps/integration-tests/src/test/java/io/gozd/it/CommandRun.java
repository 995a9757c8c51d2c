package io.gozd.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A run of the jar with {@code gozd.command}, as an operator types it.
 */
final class CommandRun {

	private static final Duration LIMIT = Duration.ofMinutes(3);

	private final Process process;

	private final Path output;

	private final Path errors;

	private CommandRun(Process process, Path output, Path errors) {
		this.process = process;
		this.output = output;
		this.errors = errors;
	}

	/**
	 * Runs a command about a daemon to its end.
	 * @param arguments more of them
	 */
	static Result of(DaemonCommand daemon, String command, String... arguments) {
		return start(daemon, command, arguments).await();
	}

	static CommandRun start(DaemonCommand daemon, String command, String... arguments) {
		ProcessBuilder builder = daemon.processBuilder();
		// Newer JVMs complain where it is missing.
		daemon.temporaryDirectory().toFile().mkdirs();
		builder.command().removeIf((argument) -> argument.startsWith("--gozd.command="));
		builder.command().add("--gozd.command=" + command);
		builder.command().addAll(List.of(arguments));
		return start(builder, daemon.home());
	}

	static CommandRun start(ProcessBuilder builder, Path directory) {
		try {
			Path output = Files.createTempFile(directory, "command", ".out");
			Path errors = Files.createTempFile(directory, "command", ".err");
			return new CommandRun(builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start(),
					output, errors);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * What it has printed so far.
	 */
	String output() throws IOException {
		return Files.readString(this.output, StandardCharsets.UTF_8);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	Result await() {
		try {
			boolean ended = this.process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
			Result result = new Result(ended ? this.process.exitValue() : -1, output(),
					Files.readString(this.errors, StandardCharsets.UTF_8));
			if (!ended) {
				this.process.destroyForcibly();
				throw new AssertionError("The command does not end: " + result);
			}
			return result;
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * How a command ended.
	 *
	 * @param exitCode its exit code
	 * @param output what it has printed
	 * @param errors what it has complained about
	 */
	record Result(int exitCode, String output, String errors) {

	}

}
