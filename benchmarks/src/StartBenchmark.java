package benchmarks;

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
		Samples firstAnswer = new Samples();
		Samples cpu = new Samples();
		Samples started = new Samples();
		for (int pair = 0; pair < this.pairs; pair++) {
			System.err.printf("start: pair %d of %d%n", pair + 1, this.pairs);
			for (Variant variant : Variant.pair(pair)) {
				try (Daemon daemon = this.daemons.start(variant)) {
					firstAnswer.add(variant, daemon.firstAnswerMillis());
					cpu.add(variant, daemon.firstAnswerCpuMillis());
					started.add(variant, daemon.startedMillis());
				}
			}
		}
		return """
				### Time of a start

				| median of %d pairs | without | with | added |
				|---|---|---|---|
				""".formatted(this.pairs) + row("process start to first answer", firstAnswer)
				+ row("processor time of it", cpu) + row("Spring Boot's \"Started in\"", started);
	}

	private static String row(String name, Samples samples) {
		return String.format(Locale.ROOT, "| %s | %,.0f ms | %,.0f ms | %.0f ms |%n", name,
				samples.median(Variant.WITHOUT), samples.median(Variant.WITH),
				samples.medianOfPairs((with, without) -> with - without));
	}

}
