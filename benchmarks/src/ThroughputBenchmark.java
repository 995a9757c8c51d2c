package benchmarks;

import java.util.Locale;
import java.util.Map;

/**
 * Requests per second and the slowest hundredth, both daemons up at once and loaded in
 * turn. Each round has a fresh pair, since no two runs of the compiler are alike: many
 * rounds say more than long ones.
 */
final class ThroughputBenchmark implements Benchmark {

	/**
	 * How often each is warmed up, in turn: after a single long turn the compiler of the
	 * one that came first would have had more time.
	 */
	private static final int WARM_UP_TURNS = 4;

	private static final int WARM_UP_SECONDS = 5;

	/** Pairs of slices for each pair of daemons. */
	private static final int SLICES = 2;

	private final String title;

	private final Daemons daemons;

	private final int rounds;

	private final int seconds;

	private final Load keepAlive;

	private final Load fresh;

	private final Quiet quiet = new Quiet();

	ThroughputBenchmark(String title, Daemons daemons, int rounds, int seconds, Load keepAlive, Load fresh) {
		this.title = title;
		this.daemons = daemons;
		this.rounds = rounds;
		this.seconds = seconds;
		this.keepAlive = keepAlive;
		this.fresh = fresh;
	}

	@Override
	public String run() throws Exception {
		Figures kept = new Figures("kept connections", this.keepAlive);
		Figures fresh = new Figures("new connections", this.fresh);
		for (int round = 0; round < this.rounds; round++) {
			System.err.printf("%s: round %d of %d%n", this.title, round + 1, this.rounds);
			Variant[] order = Variant.pair(round);
			try (Daemon first = this.daemons.start(order[0]); Daemon second = this.daemons.start(order[1])) {
				Map<Variant, Daemon> both = Map.of(order[0], first, order[1], second);
				kept.measure(round, both);
				fresh.measure(round, both);
			}
		}
		return """
				### %s

				| median (least to most) | requests/s without | with | ratio | p99 without | p99 with | ratio |
				|---|---|---|---|---|---|---|
				""".formatted(this.title) + kept.row() + fresh.row() + "\n" + this.quiet.describe();
	}

	/**
	 * The figures of one kind of load.
	 */
	private final class Figures {

		private final String name;

		private final Load load;

		private final Samples rate = new Samples();

		private final Samples p99 = new Samples();

		Figures(String name, Load load) {
			this.name = name;
			this.load = load;
		}

		void measure(int round, Map<Variant, Daemon> both) throws Exception {
			for (int turn = 0; turn < WARM_UP_TURNS; turn++) {
				for (Variant variant : Variant.pair(round + turn)) {
					this.load.run(both.get(variant), WARM_UP_SECONDS);
				}
			}
			for (int slice = 0; slice < SLICES; slice++) {
				for (Variant variant : Variant.order(round + slice)) {
					Daemon daemon = both.get(variant);
					Rate measured = ThroughputBenchmark.this.quiet
						.measure(() -> this.load.run(daemon, ThroughputBenchmark.this.seconds));
					this.rate.add(variant, measured.perSecond());
					this.p99.add(variant, measured.p99Millis());
				}
			}
		}

		String row() {
			return String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %s | %.2f ms | %.2f ms | %s |%n", this.name,
					this.rate.median(Variant.WITHOUT), this.rate.median(Variant.WITH), this.rate.ratio(3),
					this.p99.median(Variant.WITHOUT), this.p99.median(Variant.WITH), this.p99.ratio(2));
		}

	}

}
