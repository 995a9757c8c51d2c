package benchmarks;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Memory that a connection takes which has nothing to do. As with {@link MemoryBenchmark}
 * a heap of one size, all of it touched, leaves what is outside the heap, and the live
 * objects tell the rest: the sum of the two is what a connection needs. How far a heap of
 * the JVM's own choice grows meanwhile is chance.
 */
final class IdleBenchmark implements Benchmark {

	private static final String[] DEFAULT_HEAP = {};

	/** Without the last one, garbage of 5 % of the heap may stay and count as live. */
	private static final String[] FIXED_HEAP = { "-XX:+UseSerialGC", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch",
			"-XX:MarkSweepDeadRatio=0" };

	/** Files and threads that come and go in any JVM. */
	private static final int OTHERS = 16;

	private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(180);

	private final Daemons daemons;

	private final int connections;

	private final int rounds;

	IdleBenchmark(Daemons daemons, int connections, int rounds) {
		this.daemons = daemons;
		this.connections = connections;
		this.rounds = rounds;
	}

	@Override
	public String run() throws Exception {
		Samples fixedHeap = new Samples();
		Samples live = new Samples();
		Samples defaultHeap = new Samples();
		Samples threads = new Samples();
		for (int round = 0; round < this.rounds; round++) {
			for (Variant variant : Variant.pair(round)) {
				System.err.printf("idle connections: round %d of %d, %s%n", round + 1, this.rounds, variant);
				try (Daemon daemon = this.daemons.start(variant, DEFAULT_HEAP)) {
					defaultHeap.add(variant, measure(daemon).residentKibibytes());
				}
				try (Daemon daemon = this.daemons.start(variant, FIXED_HEAP)) {
					Idle idle = measure(daemon);
					fixedHeap.add(variant, idle.residentKibibytes());
					live.add(variant, idle.liveKibibytes());
					threads.add(variant, idle.threads());
				}
			}
		}
		return String.format(Locale.ROOT, """
				### Memory of %,d idle connections

				| KiB a connection, median of %d starts each (least to most) | without | with | added |
				|---|---|---|---|
				""", this.connections, this.rounds)
				+ fixedHeap.addedRow("resident, heap fixed and touched (`%s`)".formatted(String.join(" ", FIXED_HEAP)))
				+ live.addedRow("live objects") + defaultHeap.addedRow("resident, default options")
				+ String.format(Locale.ROOT, "%nThreads of the system meanwhile: %,.0f without, %,.0f with.%n",
						threads.median(Variant.WITHOUT), threads.median(Variant.WITH));
	}

	private Idle measure(Daemon daemon) throws IOException, InterruptedException {
		double before = SettledMemory.mebibytes(daemon);
		long filesBefore = daemon.openFiles();
		long threadsBefore = daemon.threads();
		double resident;
		double live;
		long threads;
		try (IdleConnections idle = new IdleConnections(daemon.port(), this.connections)) {
			resident = SettledMemory.mebibytes(daemon);
			threads = daemon.threads();
			live = daemon.liveMebibytes();
		}
		// Afterwards: what counts live objects collects garbage, too.
		awaitAtMost(daemon, filesBefore + OTHERS, threadsBefore + OTHERS);
		return new Idle(kibibytesEach(resident - before), kibibytesEach(live - daemon.liveMebibytes()), threads);
	}

	private double kibibytesEach(double mebibytes) {
		return mebibytes * 1024 / this.connections;
	}

	private static void awaitAtMost(Daemon daemon, long files, long threads) throws IOException, InterruptedException {
		long start = System.nanoTime();
		while (daemon.openFiles() > files || daemon.threads() > threads) {
			if (System.nanoTime() - start > DEADLINE_NANOS) {
				throw new IOException("The daemon keeps " + daemon.openFiles() + " files and " + daemon.threads()
						+ " threads after the connections have ended");
			}
			Thread.sleep(100);
		}
	}

	/**
	 * What the connections have added.
	 *
	 * @param residentKibibytes resident memory, of each
	 * @param liveKibibytes live objects, of each
	 * @param threads all threads of the system that the daemon has then
	 */
	private record Idle(double residentKibibytes, double liveKibibytes, long threads) {
	}

}
