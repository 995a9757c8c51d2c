package benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What a swap takes, and what clients see of it, as try-swap tells.
 */
final class SwapBenchmark implements Benchmark {

	private static final Pattern HANDOVER = Pattern
		.compile("Handover of generation \\d+: prepared after (\\d+) ms, accept stopped (\\d+) ms after commit");

	private final Path trySwap;

	private final Path work;

	private final int swaps;

	SwapBenchmark(Path trySwap, Path work, int swaps) {
		this.trySwap = trySwap;
		this.work = work;
		this.swaps = swaps;
	}

	@Override
	public String run() throws Exception {
		Path log = this.work.resolve("swap.log");
		Path tsv = this.work.resolve("swap.tsv");
		System.err.printf("swap: %d times%n", this.swaps);
		int status = new ProcessBuilder(this.trySwap.toString(), "--no-build", "--swaps", String.valueOf(this.swaps),
				"--seconds", "10", "--log", log.toString(), "--tsv", tsv.toString())
			.redirectOutput(ProcessBuilder.Redirect.to(this.work.resolve("try-swap.out").toFile()))
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start()
			.waitFor();
		if (status != 0) {
			throw new IOException("try-swap failed: " + Files.readString(this.work.resolve("try-swap.out")));
		}
		return times(log) + System.lineSeparator() + latencies(tsv);
	}

	private String times(Path log) throws IOException {
		List<MatchResult> handovers = HANDOVER.matcher(Files.readString(log)).results().toList();
		if (handovers.size() != this.swaps) {
			throw new IOException("The log tells of " + handovers.size() + " handovers");
		}
		return """
				### Time of a swap

				| %d swaps under load | median | max |
				|---|---|---|
				""".formatted(this.swaps) + timesRow("HUP to PREPARED", handovers, 1)
				+ timesRow("COMMIT to \"the incumbent accepts no more\"", handovers, 2);
	}

	private static String timesRow(String name, List<MatchResult> handovers, int group) {
		List<Double> values = handovers.stream().map((handover) -> Double.valueOf(handover.group(group))).toList();
		return String.format(Locale.ROOT, "| %s | %,.0f ms | %,.0f ms |%n", name, Samples.median(values),
				Collections.max(values));
	}

	private static String latencies(Path tsv) throws IOException {
		List<String[]> phases = Files.readAllLines(tsv).stream().map((line) -> line.split("\t")).toList();
		return """
				| | requests | failed | p50, median | p99, median | max |
				|---|---|---|---|---|---|
				""" + latenciesRow("steady", phases) + latenciesRow("swap", phases);
	}

	private static String latenciesRow(String name, List<String[]> all) {
		List<String[]> phases = all.stream().filter((phase) -> phase[0].startsWith(name)).toList();
		return String.format(Locale.ROOT, "| %s | %,.0f | %,.0f | %.1f ms | %.1f ms | %.1f ms |%n", name,
				sum(column(phases, 2)), sum(column(phases, 3)), Samples.median(column(phases, 4)),
				Samples.median(column(phases, 5)), Collections.max(column(phases, 6)));
	}

	private static List<Double> column(List<String[]> phases, int column) {
		return phases.stream().map((phase) -> Double.valueOf(phase[column])).toList();
	}

	private static double sum(List<Double> values) {
		return values.stream().mapToDouble(Double::doubleValue).sum();
	}

}
