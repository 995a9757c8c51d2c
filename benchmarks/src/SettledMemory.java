package benchmarks;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;

/**
 * Resident memory once it has not changed for a while.
 */
final class SettledMemory {

	private static final int STABLE_SECONDS = 10;

	private static final double STABLE_MEBIBYTES = 0.5;

	private static final int DEADLINE_SECONDS = 180;

	private SettledMemory() {
	}

	static double mebibytes(Daemon daemon) throws IOException, InterruptedException {
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
