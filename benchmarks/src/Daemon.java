package benchmarks;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A running daemon.
 */
final class Daemon implements AutoCloseable {

	private static final long DEADLINE_SECONDS = 60;

	private static final Pattern STARTED = Pattern.compile("Started \\w+ in ([\\d.]+) seconds");

	private static final Pattern HISTOGRAM_TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

	private final Process process;

	private final int port;

	private final Path log;

	private double firstAnswerMillis;

	private double firstAnswerCpuMillis;

	Daemon(Process process, int port, Path log) {
		this.process = process;
		this.port = port;
		this.log = log;
	}

	/**
	 * Waits for the first answer, which must hold that text, lest the wrong jar be
	 * measured.
	 */
	void awaitAnswer(long start, Application application, String text) throws IOException, InterruptedException {
		while (this.process.isAlive() && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS)) {
			try {
				String answer = application.ask(this.port);
				this.firstAnswerMillis = (System.nanoTime() - start) / 1e6;
				this.firstAnswerCpuMillis = this.process.info().totalCpuDuration().orElseThrow().toMillis();
				if (!answer.contains(text)) {
					throw new IOException("Not the daemon that was started: " + answer);
				}
				return;
			}
			catch (SocketException ex) {
				// It does not listen yet, or does not any more and is about to end.
				Thread.sleep(2);
			}
		}
		throw new IOException("No answer of the daemon, it said: " + Files.readString(this.log));
	}

	int port() {
		return this.port;
	}

	/**
	 * From the start of the process to its first answer.
	 */
	double firstAnswerMillis() {
		return this.firstAnswerMillis;
	}

	/**
	 * The processor time it took until then, which a busy machine changes least.
	 */
	double firstAnswerCpuMillis() {
		return this.firstAnswerCpuMillis;
	}

	/**
	 * What Spring Boot logs at the end of a start.
	 */
	double startedMillis() throws IOException {
		MatchResult result = STARTED.matcher(Files.readString(this.log))
			.results()
			.findFirst()
			.orElseThrow(() -> new IOException("The log does not say how long the start took"));
		return Double.parseDouble(result.group(1)) * 1000;
	}

	double residentMebibytes() throws IOException {
		return status("VmRSS") / 1024.0;
	}

	/**
	 * Threads of the system: virtual ones are none.
	 */
	long threads() throws IOException {
		return status("Threads");
	}

	long openFiles() throws IOException {
		try (Stream<Path> files = Files.list(proc("fd"))) {
			return files.count();
		}
	}

	private long status(String name) throws IOException {
		String line = Files.readAllLines(proc("status"))
			.stream()
			.filter((status) -> status.startsWith(name + ":"))
			.findFirst()
			.orElseThrow();
		return Long.parseLong(line.replaceAll("\\D", ""));
	}

	private Path proc(String name) {
		return Path.of("/proc", String.valueOf(this.process.pid()), name);
	}

	/**
	 * The size of all objects that are still in use.
	 */
	double liveMebibytes() throws IOException, InterruptedException {
		Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
				String.valueOf(this.process.pid()), "GC.class_histogram")
			.redirectErrorStream(true)
			.start();
		String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		jcmd.waitFor();
		MatchResult result = HISTOGRAM_TOTAL.matcher(histogram)
			.results()
			.findFirst()
			.orElseThrow(() -> new IOException("jcmd counts no objects: " + histogram));
		return Long.parseLong(result.group(1)) / 1024.0 / 1024.0;
	}

	@Override
	public void close() throws IOException {
		this.process.destroy();
		try {
			if (!this.process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
				throw new IOException("The daemon does not end, it said: " + Files.readString(this.log));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.process.destroyForcibly();
		}
	}

}
