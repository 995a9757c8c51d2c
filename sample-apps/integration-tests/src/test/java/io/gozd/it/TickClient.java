package io.gozd.it;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client of a load that connects, reads the first of the lines that come by
 * themselves, and goes.
 *
 * @param options where, and how often
 * @param number not used: all such clients are alike
 * @param record what has been seen
 * @param stop when to end
 */
record TickClient(LoadOptions options, int number, LoadRecord record, CountDownLatch stop) implements Runnable {

	@Override
	public void run() {
		try {
			do {
				visit();
			}
			while (!this.stop.await(1 + this.options.think().toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void visit() {
		String stage = "connect";
		long start = System.nanoTime();
		try (LineConnection connection = LineConnection.open(this.options.endpoint())) {
			stage = "tick";
			LineAnswer tick = connection.read();
			if (!tick.before().startsWith("0 ")) {
				throw new IOException("not the first: " + tick);
			}
			this.record.answer(tick, System.nanoTime() - start);
		}
		catch (IOException ex) {
			this.record.failure(RequestFailure.of(stage, ex));
		}
	}

}
