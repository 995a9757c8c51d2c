package tryswap;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces the sample daemon while clients that never retry ask it: steady load, some
 * swaps, steady load again, and a stop. Exits with 1 if anything failed.
 */
final class TrySwap {

	private static final Duration START_DEADLINE = Duration.ofMinutes(3);

	private static final Duration SWAP_DEADLINE = Duration.ofMinutes(4);

	private static final Duration STOP_DEADLINE = Duration.ofMinutes(1);

	private final Options options;

	private final Daemon daemon;

	private final Load load;

	private TrySwap(Options options, Daemon daemon) {
		this.options = options;
		this.daemon = daemon;
		this.load = new Load(daemon.address(), options.threads());
	}

	public static void main(String[] args) throws Exception {
		Options options = Options.parse(args);
		boolean passed;
		try (Daemon daemon = Daemon.start(options)) {
			// Ctrl-C must not leave the daemon behind.
			Runtime.getRuntime().addShutdownHook(new Thread(daemon::close));
			passed = new TrySwap(options, daemon).run();
		}
		System.exit(passed ? 0 : 1);
	}

	private boolean run() throws IOException, InterruptedException {
		List<String> problems = new ArrayList<>();
		try (Progress progress = new Progress(this.load, this.options.live())) {
			story(progress);
		}
		catch (Unexpected ex) {
			problems.add(ex.getMessage());
		}
		finally {
			this.load.end();
		}
		Report report = new Report(this.load.phases(), this.load.generations());
		problems.addAll(report.problems(this.options.swaps() + 1));
		report.print(System.out);
		if (this.options.tsv() != null) {
			report.write(this.options.tsv());
		}
		if (!problems.isEmpty()) {
			problems.forEach((problem) -> System.out.println("FAILED  " + problem));
			System.out.printf("%nThe last lines of %s:%n%s%n", this.options.log(), this.daemon.lastLines());
		}
		return problems.isEmpty();
	}

	private void story(Progress progress) throws IOException, InterruptedException {
		progress.show("start");
		this.daemon.awaitAnswer(START_DEADLINE);
		enter(Phase.serving("warm-up"), progress);
		this.load.start();
		Thread.sleep(this.options.steady().toMillis());
		enter(Phase.serving("steady"), progress);
		Thread.sleep(this.options.steady().toMillis());
		for (int swap = 1; swap <= this.options.swaps(); swap++) {
			enter(Phase.serving("swap " + swap), progress);
			this.daemon.swap(SWAP_DEADLINE);
		}
		enter(Phase.serving("steady"), progress);
		Thread.sleep(this.options.steady().toMillis());
		enter(Phase.stopping("TERM"), progress);
		this.daemon.terminate();
		this.load.awaitRefused(STOP_DEADLINE);
		this.daemon.awaitExit(STOP_DEADLINE);
	}

	private void enter(Phase phase, Progress progress) {
		this.load.enter(phase);
		progress.show(phase.name());
	}

}
