package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks for the health again and again, as a load balancer does, on connections both fresh
 * and kept.
 */
final class HealthWatch implements AutoCloseable {

	static final String PATH = "/actuator/health";

	static final String READINESS = PATH + "/readiness";

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final long BETWEEN_MILLIS = 10;

	private final Endpoint endpoint;

	private final AtomicLong answered = new AtomicLong();

	private final Collection<String> failures = new ConcurrentLinkedQueue<>();

	private final CountDownLatch stop = new CountDownLatch(1);

	private final Thread thread = new Thread(this::run, "health");

	private HealthWatch(Endpoint endpoint) {
		this.endpoint = endpoint;
	}

	static HealthWatch start(Endpoint endpoint) {
		HealthWatch watch = new HealthWatch(endpoint);
		watch.thread.setDaemon(true);
		watch.thread.start();
		watch.awaitFurtherAnswers(1);
		return watch;
	}

	private void run() {
		try {
			do {
				connect();
			}
			while (!this.stop.await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Two requests on one connection, unless the server wants only one. */
	private void connect() throws InterruptedException {
		try (HttpConnection connection = HttpConnection.open(this.endpoint, TIMEOUT)) {
			if (!ask(connection)) {
				this.stop.await(BETWEEN_MILLIS, TimeUnit.MILLISECONDS);
				ask(connection);
			}
		}
		catch (IOException ex) {
			this.failures.add(ex.toString());
		}
	}

	private boolean ask(HttpConnection connection) throws IOException {
		HttpAnswer answer = connection.exchange(HttpRequest.get(PATH));
		if (answer.status() != 200 || !answer.body().contains("\"UP\"")) {
			this.failures.add(answer.toString());
		}
		this.answered.incrementAndGet();
		return answer.closesConnection();
	}

	void awaitFurtherAnswers(int count) {
		long wanted = this.answered.get() + count;
		Deadline.in(Duration.ofSeconds(20))
			.await(count + " more answers about the health", () -> this.answered.get() >= wanted,
					this.failures::toString);
	}

	Collection<String> stop() {
		this.stop.countDown();
		Deadline.in(TIMEOUT.multipliedBy(2)).await("end of the watch", () -> !this.thread.isAlive());
		return List.copyOf(this.failures);
	}

	@Override
	public void close() {
		this.stop.countDown();
	}

}
