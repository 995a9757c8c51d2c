package tryswap;

import java.util.List;
import java.util.Locale;

/**
 * One line that says how far the run is: written over on a terminal, else one for each
 * phase.
 */
final class Progress implements AutoCloseable {

	private final Load load;

	private final boolean live;

	private final long start = System.nanoTime();

	private final Thread painter = new Thread(this::paint, "progress");

	private volatile String doing = "";

	Progress(Load load, boolean live) {
		this.load = load;
		this.live = live;
		if (live) {
			this.painter.start();
		}
	}

	void show(String doing) {
		this.doing = doing;
		if (!this.live) {
			System.out.println(line());
		}
	}

	private void paint() {
		try {
			while (true) {
				System.out.printf("\r%-70s", line());
				Thread.sleep(200);
			}
		}
		catch (InterruptedException ex) {
			System.out.printf("\r%-70s\r", "");
		}
	}

	private String line() {
		List<Phase> phases = this.load.phases();
		return String.format(Locale.ROOT, "%5.1f s  %-8s %,10d requests, %,d failed",
				(System.nanoTime() - this.start) / 1e9, this.doing, phases.stream().mapToLong(Phase::requests).sum(),
				phases.stream().mapToLong(Phase::failed).sum());
	}

	@Override
	public void close() {
		this.painter.interrupt();
		try {
			this.painter.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
