package benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * One run of wrk.
 *
 * @param requestsPerSecond answers in a second
 * @param p99Millis the time within which 99 of 100 requests were answered
 */
record Wrk(double requestsPerSecond, double p99Millis) {

	private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");

	private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");

	static Wrk run(String url, int seconds, boolean keepAlive) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(
				List.of("wrk", "--threads", "1", "--connections", "16", "--latency", "--duration", seconds + "s"));
		if (!keepAlive) {
			command.addAll(List.of("--header", "Connection: close"));
		}
		command.add(url);
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0 || out.contains("Socket errors") || out.contains("Non-2xx")) {
			throw new IOException("wrk failed: " + out);
		}
		return new Wrk(Double.parseDouble(find(RATE, out).group(1)), millis(find(P99, out)));
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
			default -> 1e3;
		};
		return Double.parseDouble(time.group(1)) * factor;
	}

}
