package io.gozd.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import org.jspecify.annotations.Nullable;

/**
 * Starts a daemon that goes on when this process ends: the same command line in a session
 * of its own ({@link Detachment}), watched until it serves.
 */
public final class DetachedStart {

	private static final long LOOK_MILLIS = 100;

	private static final int ANSWER_MILLIS = 5000;

	private static final Duration GRACE = Duration.ofSeconds(5);

	private final DaemonProcesses processes;

	private final @Nullable Path logfile;

	/**
	 * Create a start.
	 * @param processes where the daemon will be found
	 * @param logfile where its output goes, or null if it has no log file
	 */
	public DetachedStart(DaemonProcesses processes, @Nullable Path logfile) {
		this.processes = processes;
		this.logfile = logfile;
	}

	/**
	 * Start the daemon and wait until it serves. Where it does not, it is ended.
	 * @param without tells the arguments that are not the daemon's
	 * @param variables the environment variables that are not the daemon's
	 * @param limit how long it may take
	 * @return its pid, or why it does not serve
	 * @throws IOException if it can't be started
	 */
	public Result run(Predicate<String> without, List<String> variables, Duration limit) throws IOException {
		CommandLine commandLine = CommandLine.ofThisProcess();
		ProcessBuilder builder = new ProcessBuilder(commandLine.arguments().stream().filter(without.negate()).toList());
		builder.directory(commandLine.directory().toFile());
		builder.redirectInput(new File("/dev/null"));
		variables.forEach(builder.environment()::remove);
		builder.environment().put(Detachment.VARIABLE, Long.toString(ProcessHandle.current().pid()));
		LogTail log = LogTail.of(this.logfile);
		Process process = builder.start();
		// Who gives up the command has not started a daemon.
		Thread atExit = new Thread(() -> process.toHandle().destroy());
		Runtime.getRuntime().addShutdownHook(atExit);
		boolean serves = false;
		try {
			OutputTail output = OutputTail.silent(process);
			String failure = await(process, System.nanoTime() + limit.toNanos());
			serves = failure == null;
			Runtime.getRuntime().removeShutdownHook(atExit);
			if (failure != null) {
				end(process);
			}
			return new Result(process.pid(), failure, serves ? List.of() : lastLines(output, log));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IOException("Interrupted while the daemon starts", ex);
		}
		finally {
			if (!serves) {
				process.destroyForcibly();
			}
		}
	}

	/** What it has printed before it took its log file comes first. */
	private static List<String> lastLines(OutputTail output, LogTail log) {
		List<String> lines = new ArrayList<>(output.lastLines());
		lines.addAll(log.lastLines());
		return lines;
	}

	/** Wait until it serves: null, or why it does not. */
	private @Nullable String await(Process process, long deadline) throws InterruptedException {
		while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
			if (serves(process.pid())) {
				return null;
			}
			if (System.nanoTime() - deadline > 0) {
				return "it was not ready in time (gozd.command-timeout, gozd.reload.timeout)";
			}
		}
		return "it ended with exit code " + process.exitValue();
	}

	private boolean serves(long pid) {
		try (MessageChannel channel = this.processes.first(pid).ask(Message.of(Message.STATUS), ANSWER_MILLIS)) {
			String state = channel.receive().field("state");
			return "serving".equals(state) || "reloading".equals(state);
		}
		catch (IOException ex) {
			// It does not listen yet, or it ends: its exit code tells then.
			return false;
		}
	}

	private static void end(Process process) throws InterruptedException {
		// Not destroy() of the process: that closes its output, where its reasons are.
		process.toHandle().destroy();
		if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
			process.toHandle().destroyForcibly();
			process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * How a start ended.
	 *
	 * @param pid the process that was started
	 * @param failure why it does not serve, or null if it does
	 * @param lastLines what it printed last, if it does not serve
	 */
	public record Result(long pid, @Nullable String failure, List<String> lastLines) {

	}

}
