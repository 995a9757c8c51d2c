package benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Keeps what other processes do out of the figures: a measurement waits until they are
 * idle, and is made again where they were not during it.
 */
final class Quiet {

	private static final double ALLOWED = 0.1;

	private static final int ATTEMPTS = 5;

	private static final int PATIENCE_SECONDS = 60;

	private static final double TICKS_PER_SECOND = 100;

	private final int processors = Runtime.getRuntime().availableProcessors();

	private double most;

	/**
	 * Measures.
	 * @return the first result that nobody disturbed, else the least disturbed one
	 */
	<T> T measure(Callable<T> measurement) throws Exception {
		T best = null;
		double least = Double.MAX_VALUE;
		for (int attempt = 0; attempt < ATTEMPTS && least > ALLOWED; attempt++) {
			awaitIdle();
			Share share = new Share();
			T result = measurement.call();
			if (share.soFar() < least) {
				least = share.soFar();
				best = result;
			}
		}
		this.most = Math.max(this.most, least);
		return best;
	}

	/**
	 * How much the others took at most of the processors while something was measured
	 * that counts.
	 */
	String describe() {
		return String.format(Locale.ROOT, "Other processes took at most %.0f %% of the processors meanwhile.%n",
				100 * this.most);
	}

	private void awaitIdle() throws IOException, InterruptedException {
		for (int second = 0; second < PATIENCE_SECONDS; second++) {
			Share share = new Share();
			Thread.sleep(1000);
			if (share.soFar() <= ALLOWED) {
				return;
			}
		}
	}

	/**
	 * The part of the processors that others have had since it was made.
	 */
	private final class Share {

		private final long start = System.nanoTime();

		private final double others = all() - ours();

		Share() throws IOException {
		}

		double soFar() throws IOException {
			double seconds = (System.nanoTime() - this.start) / 1e9;
			return Math.max(0, (all() - ours() - this.others) / seconds / Quiet.this.processors);
		}

		/**
		 * Without the time of interrupts, which belongs to nobody.
		 */
		private double all() throws IOException {
			String[] ticks = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +");
			return Stream.of(ticks[1], ticks[2], ticks[3], ticks[8]).mapToLong(Long::parseLong).sum()
					/ TICKS_PER_SECOND;
		}

		/**
		 * Of this process, of its children that have ended and of those that live.
		 */
		private double ours() throws IOException {
			String stat = Files.readString(Path.of("/proc/self/stat"));
			String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			double ended = Stream.of(afterName[11], afterName[12], afterName[13], afterName[14])
				.mapToLong(Long::parseLong)
				.sum() / TICKS_PER_SECOND;
			return ended + ProcessHandle.current()
				.descendants()
				.map((child) -> child.info().totalCpuDuration().orElse(Duration.ZERO))
				.mapToDouble((time) -> time.toMillis() / 1e3)
				.sum();
		}

	}

}
