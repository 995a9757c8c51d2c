package benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Runs what the command line asks for and prints it as Markdown.
 */
final class Benchmarks {

	/** Connections beyond the idle ones. */
	private static final int MORE = 100;

	private Benchmarks() {
	}

	public static void main(String[] args) throws Exception {
		Map<String, String> options = new LinkedHashMap<>();
		for (int i = 0; i < args.length; i += 2) {
			options.put(args[i], args[i + 1]);
		}
		int rounds = Integer.parseInt(options.getOrDefault("--rounds", "5"));
		int tcpRounds = Integer.parseInt(options.getOrDefault("--rounds", "3"));
		int seconds = Integer.parseInt(options.getOrDefault("--seconds", "5"));
		int connections = Integer.parseInt(options.getOrDefault("--connections", "10000"));
		Path top = Path.of(options.get("--top"));
		Path work = Path.of(options.get("--work"));
		String sample = "http-daemon";
		String title = "Throughput";
		if (options.containsKey("--server")) {
			sample += "-" + options.get("--server");
			title += " of " + sample;
		}
		Daemons daemons = new Daemons(work, new HttpApplication(
				top.resolve("sample-apps/" + sample + "/target/" + sample + ".jar"), work.resolve("without.jar")));
		Daemons lines = new Daemons(work,
				new LineApplication(top.resolve("sample-apps/tcp-daemon/target/tcp-daemon.jar"), connections + MORE));

		Map<String, Benchmark> benchmarks = new LinkedHashMap<>();
		benchmarks.put("throughput",
				new ThroughputBenchmark(title, daemons, rounds, seconds, new Wrk(true), new Wrk(false)));
		benchmarks.put("memory", new MemoryBenchmark(daemons, rounds));
		benchmarks.put("start", new StartBenchmark(daemons, 2 * rounds));
		benchmarks.put("swap", new SwapBenchmark(top.resolve("sample-apps/try-swap"), work, 2 * rounds));
		benchmarks.put("fcgi", new FcgiBenchmark(top, work,
				Optional.ofNullable(options.get("--plots")).map((plots) -> Path.of(plots).toAbsolutePath()),
				Integer.parseInt(options.getOrDefault("--rounds", "3")),
				Integer.parseInt(options.getOrDefault("--seconds", "2"))));
		benchmarks.put("tcp", new TcpBenchmark(lines, connections, tcpRounds, seconds));
		if (options.containsKey("--only")) {
			benchmarks.keySet().retainAll(Set.of(options.get("--only")));
		}

		System.out.printf("`%s`%n%n%s%n", options.get("--command"), Machine.describe());
		for (Benchmark benchmark : benchmarks.values()) {
			System.out.printf("%n%s%n", benchmark.run());
		}
	}

}
