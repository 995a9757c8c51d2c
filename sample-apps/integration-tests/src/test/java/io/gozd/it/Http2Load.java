package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Clients that keep one HTTP/2 connection each, ask several things at once, and go to a
 * new connection when they are told to. A request is sent again only where the server has
 * said that it will not process it.
 */
final class Http2Load implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final int STREAMS = 4;

	private static final long THINK_MILLIS = 20;

	private static final Pattern PID = Pattern.compile("pid=(\\d+) .*");

	private final Endpoint endpoint;

	private final CountDownLatch stop = new CountDownLatch(1);

	private final AtomicLong answered = new AtomicLong();

	private final AtomicLong unprocessed = new AtomicLong();

	private final AtomicLong connections = new AtomicLong();

	/** The processes that have answered. */
	private final Set<Long> pids = ConcurrentHashMap.newKeySet();

	private final Collection<String> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> threads = new ArrayList<>();

	private Http2Load(Endpoint endpoint) {
		this.endpoint = endpoint;
	}

	static Http2Load start(Endpoint endpoint, int clients) {
		Http2Load load = new Http2Load(endpoint);
		for (int i = 0; i < clients; i++) {
			Thread thread = new Thread(load::run, "http2-" + i);
			thread.setDaemon(true);
			load.threads.add(thread);
			thread.start();
		}
		load.awaitFurtherAnswers(clients);
		return load;
	}

	private void run() {
		try {
			while (this.stop.getCount() > 0) {
				this.connections.incrementAndGet();
				try (Http2Connection connection = Http2Connection.open(this.endpoint, TIMEOUT)) {
					askUntilGoingAway(connection);
				}
				catch (IOException ex) {
					this.failures.add("connect: " + ex);
					return;
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void askUntilGoingAway(Http2Connection connection) throws InterruptedException {
		while (!connection.isGoingAway() && this.stop.getCount() > 0) {
			List<CompletableFuture<String>> bodies = new ArrayList<>();
			for (int i = 0; i < STREAMS; i++) {
				bodies.add(connection.get());
			}
			for (CompletableFuture<String> body : bodies) {
				check(connection, body);
			}
			this.stop.await(THINK_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void check(Http2Connection connection, CompletableFuture<String> body) throws InterruptedException {
		try {
			String text = body.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			Matcher identity = PID.matcher(text);
			if (identity.matches()) {
				this.pids.add(Long.valueOf(identity.group(1)));
				this.answered.incrementAndGet();
			}
			else {
				this.failures.add("answer '" + text + "', " + connection);
			}
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof Http2Connection.Unprocessed) {
				this.unprocessed.incrementAndGet();
			}
			else {
				this.failures.add(ex.getCause().getMessage());
			}
		}
		catch (TimeoutException ex) {
			this.failures.add("no answer, " + connection);
		}
	}

	void awaitFurtherAnswers(int count) {
		long wanted = this.answered.get() + count;
		Deadline.in(DaemonProcess.START_LIMIT)
			.await(count + " more answers through HTTP/2", () -> this.answered.get() >= wanted, this::toString);
	}

	/**
	 * Wait until a process has answered: one that drains goes on for a moment.
	 */
	void awaitAnswerOf(long pid) {
		Deadline.in(DaemonProcess.START_LIMIT)
			.await("answer of " + pid + " through HTTP/2", () -> this.pids.contains(pid), this::toString);
	}

	/**
	 * The processes that have answered.
	 */
	Set<Long> pids() {
		return Set.copyOf(this.pids);
	}

	/**
	 * How many requests a server has taken back. They are not lost, and each is one that
	 * crossed with the end of its connection.
	 */
	long unprocessed() {
		return this.unprocessed.get();
	}

	Collection<String> stop() {
		this.stop.countDown();
		Deadline end = Deadline.in(TIMEOUT.multipliedBy(2));
		this.threads.forEach((thread) -> end.await("end of " + thread.getName(), () -> !thread.isAlive()));
		Tally.requests(this.answered.get(), this.failures.size());
		return List.copyOf(this.failures);
	}

	@Override
	public void close() {
		this.stop.countDown();
	}

	@Override
	public String toString() {
		return this.answered + " answered on " + this.connections + " connections, " + this.unprocessed
				+ " not processed, failed " + this.failures;
	}

}
