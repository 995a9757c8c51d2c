package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run of h2load, the load client of nghttp2. It asks nothing more on a connection that
 * has told to go away, and counts what it had in mind for it as failed; so each of its
 * connections asks all it wants at once, and new connections come all the time.
 */
final class H2Load implements AutoCloseable {

	private static final Program PROGRAM = new Program("h2load", "nghttp2-client");

	private static final Pattern REQUESTS = Pattern.compile("requests: (\\d+) total, (\\d+) started, (\\d+) done, "
			+ "(\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");

	private final Process process;

	private final Path output;

	private H2Load(Process process, Path output) {
		this.process = process;
		this.output = output;
	}

	static void assumeInstalled() {
		PROGRAM.require();
	}

	/**
	 * Opens connections at a steady rate, each of which asks for the path several times
	 * at once.
	 */
	static H2Load start(String uri, Path output, int connectionsPerSecond, int seconds, int requestsPerConnection) {
		int connections = connectionsPerSecond * seconds;
		List<String> command = new ArrayList<>(List.of("h2load", "--rate=" + connectionsPerSecond / 10,
				"--rate-period=100ms", "--clients=" + connections, "--requests=" + connections * requestsPerConnection,
				"--max-concurrent-streams=" + requestsPerConnection, uri));
		try {
			return new H2Load(
					new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start(),
					output);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	Result awaitEnd(Duration limit) {
		String text = textAtEnd(limit);
		Matcher matcher = REQUESTS.matcher(text);
		if (!matcher.find()) {
			throw new AssertionError("h2load says no result\n" + text);
		}
		return new Result(number(matcher, 1), number(matcher, 4), number(matcher, 5), number(matcher, 6),
				number(matcher, 7));
	}

	private String textAtEnd(Duration limit) {
		try {
			boolean ended = this.process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
			String text = Files.readString(this.output);
			if (!ended) {
				throw new AssertionError("h2load has not ended\n" + text);
			}
			return text;
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static long number(Matcher matcher, int group) {
		return Long.parseLong(matcher.group(group));
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * What it has counted.
	 */
	record Result(long total, long succeeded, long failed, long errored, long timeout) {

	}

}
