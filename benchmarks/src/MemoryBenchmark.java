package benchmarks;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Locale;

/**
 * Memory of a daemon that has given one answer and has nothing to do. With the JVM's own
 * choice of a heap the same jar differs by tens of MiB from start to start, as much as
 * the garbage that it happens to hold; with a heap of one size, all of it touched, what
 * remains is the difference outside the heap, and the live objects tell the rest.
 */
final class MemoryBenchmark implements Benchmark {

	private static final String[] DEFAULT_HEAP = {};

	private static final String[] FIXED_HEAP = { "-XX:+UseSerialGC", "-Xms96m", "-Xmx96m", "-XX:+AlwaysPreTouch" };

	private static final int STABLE_SECONDS = 10;

	private static final double STABLE_MEBIBYTES = 0.5;

	private static final int DEADLINE_SECONDS = 180;

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
					defaultHeap.add(variant, settled(daemon));
				}
				try (Daemon daemon = this.daemons.start(variant, FIXED_HEAP)) {
					fixedHeap.add(variant, settled(daemon));
					live.add(variant, daemon.liveMebibytes());
				}
			}
		}
		return """
				### Memory of an idle daemon

				| median of %d starts each (least to most), MiB | without | with | added |
				|---|---|---|---|
				""".formatted(this.rounds)
				+ row("resident, heap fixed and touched (`%s`)".formatted(String.join(" ", FIXED_HEAP)), fixedHeap)
				+ row("live objects", live) + row("resident, default options", defaultHeap);
	}

	private static String row(String name, Samples samples) {
		return String.format(Locale.ROOT, "| %s | %s | %s | %.1f |%n", name, cell(samples, Variant.WITHOUT),
				cell(samples, Variant.WITH), samples.median(Variant.WITH) - samples.median(Variant.WITHOUT));
	}

	private static String cell(Samples samples, Variant variant) {
		return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", samples.median(variant), samples.min(variant),
				samples.max(variant));
	}

	/**
	 * Resident memory once it has not changed for a while.
	 */
	private static double settled(Daemon daemon) throws IOException, InterruptedException {
		Deque<Double> last = new ArrayDeque<>();
		for (int second = 0; second < DEADLINE_SECONDS; second++) {
			last.addLast(daemon.residentMebibytes());
			if (last.size() > STABLE_SECONDS) {
				last.removeFirst();
				if (Collections.max(last) - Collections.min(last) <= STABLE_MEBIBYTES) {
					return last.getLast();
				}
			}
			Thread.sleep(1000);
		}
		throw new IOException("The daemon's memory does not settle: " + last);
	}

}
