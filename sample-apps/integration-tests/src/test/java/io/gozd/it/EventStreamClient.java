package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads one stream of server-sent events to its end.
 */
final class EventStreamClient implements AutoCloseable {

	private final HttpConnection connection;

	private final StringBuffer received = new StringBuffer();

	private final CompletableFuture<String> ended = new CompletableFuture<>();

	private EventStreamClient(HttpConnection connection) {
		this.connection = connection;
	}

	/**
	 * Asks for a stream and waits for its first event.
	 */
	static EventStreamClient open(DaemonProcess daemon) throws IOException {
		EventStreamClient client = new EventStreamClient(daemon.open());
		client.connection.send(HttpRequest.get("/sse"));
		int status = client.connection.readStatus();
		String type = client.connection.readHeaders().getOrDefault("content-type", "none");
		if (status != 200 || !type.startsWith("text/event-stream")) {
			throw new AssertionError("Not an event stream: " + status + " " + type);
		}
		Thread reader = new Thread(client::read, "event-stream");
		reader.setDaemon(true);
		reader.start();
		client.awaitFurtherEvent();
		return client;
	}

	/** Only a last, empty chunk ends it well. */
	private void read() {
		try {
			for (String chunk = this.connection.readChunk(); !chunk.isEmpty(); chunk = this.connection.readChunk()) {
				this.received.append(chunk);
			}
			this.ended.complete(this.received.toString());
		}
		catch (IOException ex) {
			this.ended.completeExceptionally(ex);
		}
	}

	void awaitFurtherEvent() {
		long events = events();
		Deadline.in(Duration.ofMinutes(1)).await("a further event", () -> {
			if (this.ended.isDone()) {
				throw new AssertionError("The stream has ended: " + this.ended);
			}
			return events() > events;
		});
	}

	private long events() {
		return this.received.toString().split("\n\n", -1).length - 1;
	}

	boolean isEnded() {
		return this.ended.isDone();
	}

	/**
	 * Waits for the end of the stream, which must have been a clean one.
	 * @return all events
	 */
	String awaitCleanEnd(Duration limit) {
		try {
			return this.ended.get(limit.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException | InterruptedException ex) {
			throw new AssertionError("No clean end of the event stream after " + events() + " events", ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.connection.close();
	}

}
