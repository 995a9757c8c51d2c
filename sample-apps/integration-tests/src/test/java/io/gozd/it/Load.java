package io.gozd.it;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Clients that put load on a daemon until they are stopped. They never retry: each
 * request that a server drops is counted.
 */
final class Load implements AutoCloseable {

	private final LoadOptions options;

	private final LoadRecord record = new LoadRecord();

	private final CountDownLatch stop = new CountDownLatch(1);

	private final List<Thread> threads = new ArrayList<>();

	private boolean expectsFailures;

	private Load(LoadOptions options) {
		this.options = options;
	}

	static Load start(LoadOptions options) {
		return start(options, LoadClient::new);
	}

	static Load start(LoadOptions options, ClientFactory clients) {
		Load load = new Load(options);
		for (int i = 0; i < options.threads(); i++) {
			Thread thread = new Thread(clients.create(options, i, load.record, load.stop), "load-" + i);
			thread.setDaemon(true);
			load.threads.add(thread);
			thread.start();
		}
		try {
			load.awaitFurtherAnswers(options.threads());
		}
		catch (AssertionError ex) {
			load.close();
			throw ex;
		}
		return load;
	}

	/**
	 * Waits until so many more requests were answered.
	 */
	void awaitFurtherAnswers(int count) {
		long wanted = soFar().answered() + count;
		await(count + " more answers", () -> soFar().answered() >= wanted);
	}

	/**
	 * Waits until a process has answered a request: any number of answers may be those of
	 * another, to clients that keep their connections.
	 */
	void awaitAnswerOf(long pid) {
		await("an answer of " + pid, () -> soFar().byPid().containsKey(pid));
	}

	/**
	 * Waits until each client was answered what it has asked from now on: what it has
	 * lost before is counted then.
	 */
	void awaitAnswerToEach() {
		long now = System.nanoTime();
		await("an answer to each client",
				() -> this.threads.stream().allMatch((client) -> this.record.isAnswered(client, now)));
	}

	private void await(String what, Deadline.Condition condition) {
		Deadline.in(DaemonProcess.START_LIMIT).await(what, condition, () -> soFar().toString());
	}

	LoadReport soFar() {
		return this.record.report();
	}

	/**
	 * Keeps this load out of the sum: some of its requests have to fail.
	 */
	Load expectingFailures() {
		this.expectsFailures = true;
		return this;
	}

	/**
	 * Ends the load after the requests that run.
	 */
	LoadReport stop() {
		this.stop.countDown();
		Deadline end = Deadline.in(this.options.timeout().multipliedBy(2));
		for (Thread thread : this.threads) {
			end.await("end of " + thread.getName(), () -> !thread.isAlive(), () -> soFar().toString());
		}
		LoadReport report = soFar();
		if (!this.expectsFailures) {
			Tally.requests(report.answered(), report.failed());
		}
		return report;
	}

	@Override
	public void close() {
		this.stop.countDown();
	}

	/**
	 * Makes the clients of a load.
	 */
	@FunctionalInterface
	interface ClientFactory {

		Runnable create(LoadOptions options, int number, LoadRecord record, CountDownLatch stop);

	}

}
