package benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Load of HTTP, made by wrk.
 */
final class Wrk implements Load {

	private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");

	private static final Pattern P99 = Pattern.compile("99%\\s+([\\d.]+)(us|ms|s)");

	private final boolean keepAlive;

	Wrk(boolean keepAlive) {
		this.keepAlive = keepAlive;
	}

	@Override
	public Rate run(Daemon daemon, int seconds) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("wrk", "--threads", "1", "--connections",
				String.valueOf(CLIENTS), "--latency", "--duration", seconds + "s"));
		if (!this.keepAlive) {
			command.addAll(List.of("--header", "Connection: close"));
		}
		command.add("http://127.0.0.1:" + daemon.port() + "/");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0 || out.contains("Socket errors") || out.contains("Non-2xx")) {
			throw new IOException("wrk failed: " + out);
		}
		return new Rate(Double.parseDouble(find(RATE, out).group(1)), millis(find(P99, out)));
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
