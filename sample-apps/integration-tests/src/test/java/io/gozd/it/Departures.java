package io.gozd.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Watches processes that are to end, each within its own time from when it was told.
 */
final class Departures implements AutoCloseable {

	private final ExecutorService watchers = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "departure");
		thread.setDaemon(true);
		return thread;
	});

	private final List<Future<?>> departures = new ArrayList<>();

	void expect(long pid, Duration limit) {
		Deadline deadline = Deadline.in(limit);
		this.departures.add(this.watchers
			.submit(() -> deadline.await("end of process " + pid, () -> !new ProcessView(pid).runs())));
	}

	void awaitAll() throws InterruptedException {
		for (Future<?> departure : this.departures) {
			try {
				departure.get();
			}
			catch (ExecutionException ex) {
				throw new AssertionError(ex.getCause());
			}
		}
	}

	@Override
	public void close() {
		this.watchers.shutdownNow();
	}

}
