package benchmarks;

/**
 * Memory of a daemon that has given one answer and has nothing to do. With the JVM's own
 * choice of a heap the same jar differs by tens of MiB from start to start, as much as
 * the garbage that it happens to hold; with a heap of one size, all of it touched, what
 * remains is the difference outside the heap, and the live objects tell the rest.
 */
final class MemoryBenchmark implements Benchmark {

	private static final String[] DEFAULT_HEAP = {};

	private static final String[] FIXED_HEAP = { "-XX:+UseSerialGC", "-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch" };

	private final Daemons daemons;

	private final int rounds;

	MemoryBenchmark(Daemons daemons, int rounds) {
		this.daemons = daemons;
		this.rounds = rounds;
	}

	@Override
	public String run() throws Exception {
		Samples defaultHeap = new Samples();
		Samples fixedHeap = new Samples();
		Samples live = new Samples();
		for (int round = 0; round < this.rounds; round++) {
			for (Variant variant : Variant.pair(round)) {
				System.err.printf("memory: round %d of %d, %s%n", round + 1, this.rounds, variant);
				try (Daemon daemon = this.daemons.start(variant, DEFAULT_HEAP)) {
					defaultHeap.add(variant, SettledMemory.mebibytes(daemon));
				}
				try (Daemon daemon = this.daemons.start(variant, FIXED_HEAP)) {
					fixedHeap.add(variant, SettledMemory.mebibytes(daemon));
					live.add(variant, daemon.liveMebibytes());
				}
			}
		}
		return """
				### Memory of an idle daemon

				| median of %d starts each (least to most), MiB | without | with | added |
				|---|---|---|---|
				""".formatted(this.rounds)
				+ fixedHeap.addedRow("resident, heap fixed and touched (`%s`)".formatted(String.join(" ", FIXED_HEAP)))
				+ live.addedRow("live objects") + defaultHeap.addedRow("resident, default options");
	}

}
