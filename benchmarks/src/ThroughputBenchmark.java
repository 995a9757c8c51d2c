package benchmarks;

import java.util.Locale;

/**
 * Requests per second and the slowest hundredth, both daemons up at once and loaded in
 * turn. Each round has a fresh pair, since no two runs of the compiler are alike.
 */
final class ThroughputBenchmark implements Benchmark {

	/** The compiler of the JVM has done its work then. */
	private static final int WARM_UP_SECONDS = 15;

	/** Pairs of slices for each pair of daemons. */
	private static final int SLICES = 4;

	private final Daemons daemons;

	private final int rounds;

	private final int seconds;

	private final Quiet quiet = new Quiet();

	ThroughputBenchmark(Daemons daemons, int rounds, int seconds) {
		this.daemons = daemons;
		this.rounds = rounds;
		this.seconds = seconds;
	}

	@Override
	public String run() throws Exception {
		Figures keepAlive = new Figures("keep-alive", true);
		Figures fresh = new Figures("new connections", false);
		for (int round = 0; round < this.rounds; round++) {
			System.err.printf("throughput: round %d of %d%n", round + 1, this.rounds);
			try (Daemon without = this.daemons.start(Variant.WITHOUT); Daemon with = this.daemons.start(Variant.WITH)) {
				keepAlive.measure(round, without, with);
				fresh.measure(round, without, with);
			}
		}
		return """
				### Throughput

				| | requests/s without | with | ratio | p99 without | p99 with | ratio |
				|---|---|---|---|---|---|---|
				""" + keepAlive.row() + fresh.row() + "\n" + this.quiet.describe();
	}

	/**
	 * The figures of one kind of load.
	 */
	private final class Figures {

		private final String name;

		private final boolean keepAlive;

		private final Samples rate = new Samples();

		private final Samples p99 = new Samples();

		Figures(String name, boolean keepAlive) {
			this.name = name;
			this.keepAlive = keepAlive;
		}

		void measure(int round, Daemon without, Daemon with) throws Exception {
			Wrk.run(without.url(), WARM_UP_SECONDS, this.keepAlive);
			Wrk.run(with.url(), WARM_UP_SECONDS, this.keepAlive);
			for (int slice = 0; slice < SLICES; slice++) {
				for (Variant variant : Variant.order(round + slice)) {
					String url = ((variant == Variant.WITH) ? with : without).url();
					Wrk wrk = ThroughputBenchmark.this.quiet
						.measure(() -> Wrk.run(url, ThroughputBenchmark.this.seconds, this.keepAlive));
					this.rate.add(variant, wrk.requestsPerSecond());
					this.p99.add(variant, wrk.p99Millis());
				}
			}
		}

		String row() {
			return String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %.3f | %.2f ms | %.2f ms | %.2f |%n", this.name,
					this.rate.median(Variant.WITHOUT), this.rate.median(Variant.WITH), ratio(this.rate),
					this.p99.median(Variant.WITHOUT), this.p99.median(Variant.WITH), ratio(this.p99));
		}

		private static double ratio(Samples samples) {
			return samples.medianOfPairs((with, without) -> with / without);
		}

	}

}
