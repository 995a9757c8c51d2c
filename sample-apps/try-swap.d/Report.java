package tryswap;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the clients saw, as tables.
 */
final class Report {

	private final List<Phase> phases;

	private final Map<Generation, LongAdder> generations;

	Report(List<Phase> phases, Map<Generation, LongAdder> generations) {
		this.phases = phases;
		this.generations = generations;
	}

	void print(PrintStream out) {
		out.printf(Locale.ROOT, "%n%-10s%10s%10s%10s%10s%10s%10s%n", "phase", "seconds", "requests", "failed", "p50 ms",
				"p99 ms", "max ms");
		for (Phase phase : this.phases) {
			out.println(row(phase, "%-10s%10.1f%,10d%,10d%10.1f%10.1f%10.1f"));
		}
		out.printf(Locale.ROOT, "%n%-10s%10s%10s%n", "generation", "pid", "answers");
		this.generations.forEach((generation, answers) -> out.printf(Locale.ROOT, "%-10d%10d%,10d%n",
				generation.number(), generation.pid(), answers.sum()));
		out.printf(Locale.ROOT, "%n%,d requests, %,d failed%n", this.phases.stream().mapToLong(Phase::requests).sum(),
				this.phases.stream().mapToLong(Phase::failed).sum());
	}

	/**
	 * Writes the phases for a program to read.
	 */
	void write(Path file) throws IOException {
		Files.write(file,
				this.phases.stream().map((phase) -> row(phase, "%s\t%.3f\t%d\t%d\t%.3f\t%.3f\t%.3f")).toList());
	}

	/**
	 * Everything that should not have been.
	 */
	List<String> problems(int expectedGenerations) {
		List<String> problems = new ArrayList<>();
		for (Phase phase : this.phases) {
			phase.failures().forEach((how, count) -> problems.add(phase.name() + ": " + count + " x " + how));
			// A daemon that stops may well have nothing left to answer.
			if (phase.requests() == 0 && !phase.isStopping()) {
				problems.add(phase.name() + ": not one answer");
			}
		}
		if (this.generations.size() != expectedGenerations) {
			problems.add(this.generations.size() + " generations answered, not " + expectedGenerations);
		}
		return problems;
	}

	private static String row(Phase phase, String format) {
		Latencies latencies = phase.latencies();
		return String.format(Locale.ROOT, format, phase.name(), phase.seconds(), phase.requests(), phase.failed(),
				latencies.millis(0.5), latencies.millis(0.99), latencies.maxMillis());
	}

}
