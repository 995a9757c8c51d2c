package benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A run of wrk and what it has seen.
 *
 * @param rate how many answers there were, and how slow they were
 * @param failures how many requests had no answer, or another than 2xx and 3xx
 * @param output all that it said
 */
record WrkRun(Rate rate, long failures, String output) {

	private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");

	private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s|m)");

	private static final Pattern SOCKET_ERRORS = Pattern
		.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

	private static final Pattern OTHER_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

	static WrkRun of(String uri, int connections, int seconds, List<String> options)
			throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("wrk", "--threads", "1", "--connections",
				String.valueOf(connections), "--latency", "--duration", seconds + "s"));
		command.addAll(options);
		command.add(uri);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IOException("wrk failed: " + out);
		}
		long failures = sum(SOCKET_ERRORS, out) + sum(OTHER_STATUS, out);
		return new WrkRun(new Rate(Double.parseDouble(find(RATE, out).group(1)), millis(find(P99, out))), failures,
				out);
	}

	private static long sum(Pattern pattern, String out) {
		return pattern.matcher(out).results().mapToLong((result) -> {
			long sum = 0;
			for (int group = 1; group <= result.groupCount(); group++) {
				sum += Long.parseLong(result.group(group));
			}
			return sum;
		}).sum();
	}

	private static MatchResult find(Pattern pattern, String out) throws IOException {
		return pattern.matcher(out)
			.results()
			.findFirst()
			.orElseThrow(() -> new IOException("wrk does not say what it saw: " + out));
	}

	private static double millis(MatchResult time) {
		double factor = switch (time.group(2)) {
			case "us" -> 1e-3;
			case "ms" -> 1;
			case "s" -> 1e3;
			default -> 6e4;
		};
		return Double.parseDouble(time.group(1)) * factor;
	}

}
