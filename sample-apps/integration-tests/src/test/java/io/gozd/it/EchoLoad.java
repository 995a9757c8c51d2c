package io.gozd.it;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.gozd.it.EchoClient.Event;

/**
 * Clients that send message after message through WebSockets. A message is echoed, or the
 * connection is closed with 1001 first and the message goes through a new one; all else
 * is a failure.
 */
final class EchoLoad implements AutoCloseable {

	private final HttpClient http = HttpClient.newHttpClient();

	private final Map<Thread, Long> echoed = new ConcurrentHashMap<>();

	private final AtomicLong goneAway = new AtomicLong();

	private final Collection<String> failures = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final List<Thread> threads = new ArrayList<>();

	private final Endpoint endpoint;

	private EchoLoad(Endpoint endpoint) {
		this.endpoint = endpoint;
	}

	static EchoLoad start(Endpoint endpoint, int clients) {
		EchoLoad load = new EchoLoad(endpoint);
		for (int i = 0; i < clients; i++) {
			Thread thread = new Thread(load::run, "echo-" + i);
			thread.setDaemon(true);
			load.threads.add(thread);
			thread.start();
		}
		load.awaitFurtherEchoesOfEach(1);
		return load;
	}

	private void run() {
		long number = 0;
		while (!this.stopped.get()) {
			try (EchoClient client = EchoClient.open(this.http, this.endpoint)) {
				number = sendUntilClosed(client, number);
			}
			catch (RuntimeException ex) {
				this.failures.add("open: " + ex);
				return;
			}
		}
	}

	private long sendUntilClosed(EchoClient client, long first) {
		long number = first;
		while (!this.stopped.get()) {
			String message = Thread.currentThread().getName() + " " + number;
			Event event = client.send(message);
			if (event.isGoingAway()) {
				this.goneAway.incrementAndGet();
				return number;
			}
			if (!event.isEchoOf(message)) {
				this.failures.add(message + ": " + event);
				return number + 1;
			}
			this.echoed.merge(Thread.currentThread(), 1L, Long::sum);
			number++;
		}
		return number;
	}

	/**
	 * Waits until each client has so many more: then each has a connection to whoever
	 * serves.
	 */
	void awaitFurtherEchoesOfEach(int count) {
		Map<Thread, Long> before = Map.copyOf(this.echoed);
		Deadline.in(DaemonProcess.START_LIMIT).await(count + " more echoes of each client", () -> {
			if (!this.failures.isEmpty()) {
				throw new AssertionError(toString());
			}
			return this.threads.stream()
				.allMatch((client) -> this.echoed.getOrDefault(client, 0L) - before.getOrDefault(client, 0L) >= count);
		}, this::toString);
	}

	long goneAway() {
		return this.goneAway.get();
	}

	Collection<String> stop() {
		this.stopped.set(true);
		Deadline end = Deadline.in(Duration.ofSeconds(30));
		this.threads.forEach((thread) -> end.await("end of " + thread.getName(), () -> !thread.isAlive()));
		return List.copyOf(this.failures);
	}

	@Override
	public void close() {
		this.stopped.set(true);
	}

	@Override
	public String toString() {
		return this.echoed.values() + " echoed, " + this.goneAway + " times 1001, failed " + this.failures;
	}

}
