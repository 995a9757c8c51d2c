package benchmarks;

import java.io.IOException;
import java.util.Locale;

/**
 * How long a start takes.
 */
final class StartBenchmark implements Benchmark {

	private final Daemons daemons;

	private final int pairs;

	StartBenchmark(Daemons daemons, int pairs) {
		this.daemons = daemons;
		this.pairs = pairs;
	}

	@Override
	public String run() throws Exception {
		Quiet quiet = new Quiet();
		Samples firstAnswer = new Samples();
		Samples cpu = new Samples();
		Samples started = new Samples();
		for (int pair = 0; pair < this.pairs; pair++) {
			System.err.printf("start: pair %d of %d%n", pair + 1, this.pairs);
			for (Variant variant : Variant.pair(pair)) {
				Start start = quiet.measure(() -> start(variant));
				firstAnswer.add(variant, start.firstAnswerMillis());
				cpu.add(variant, start.cpuMillis());
				started.add(variant, start.startedMillis());
			}
		}
		return """
				### Time of a start

				| median of %d pairs (fastest) | without | with | added, median of the pairs | added, fastest |
				|---|---|---|---|---|
				""".formatted(this.pairs) + row("process start to first answer", firstAnswer)
				+ row("processor time of it", cpu) + row("Spring Boot's \"Started in\"", started) + "\n"
				+ quiet.describe();
	}

	private Start start(Variant variant) throws IOException, InterruptedException {
		try (Daemon daemon = this.daemons.start(variant)) {
			return new Start(daemon.firstAnswerMillis(), daemon.firstAnswerCpuMillis(), daemon.startedMillis());
		}
	}

	/**
	 * The fastest beside the median: what else a machine does can only make a start
	 * slower.
	 */
	private static String row(String name, Samples samples) {
		return String.format(Locale.ROOT, "| %s | %s | %s | %.0f ms | %.0f ms |%n", name,
				cell(samples, Variant.WITHOUT), cell(samples, Variant.WITH),
				samples.medianOfPairs((with, without) -> with - without),
				samples.min(Variant.WITH) - samples.min(Variant.WITHOUT));
	}

	private static String cell(Samples samples, Variant variant) {
		return String.format(Locale.ROOT, "%,.0f ms (%,.0f ms)", samples.median(variant), samples.min(variant));
	}

	/**
	 * One start.
	 */
	private record Start(double firstAnswerMillis, double cpuMillis, double startedMillis) {
	}

}
