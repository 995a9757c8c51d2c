package io.gozd.it;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A long connection on which a daemon writes a numbered line every second. It is read all
 * the time, and remembers the first thing that is wrong with it.
 */
final class TickStream implements Closeable {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final LineConnection connection;

	private final String directive;

	private final LineAnswer first;

	private volatile LineAnswer last;

	private volatile @Nullable String failure;

	private volatile boolean closed;

	private TickStream(LineConnection connection, String directive) throws IOException {
		this.connection = connection;
		this.directive = directive;
		this.first = connection.read();
		this.last = this.first;
		check(this.first, 0);
	}

	/**
	 * Connects, and waits for the first line.
	 */
	static TickStream open(Endpoint endpoint, String directive) throws IOException {
		TickStream stream = new TickStream(LineConnection.open(endpoint), directive);
		Thread thread = new Thread(stream::readAll, "ticks of " + directive);
		thread.setDaemon(true);
		thread.start();
		return stream;
	}

	private void readAll() {
		try {
			for (long number = 1;; number++) {
				LineAnswer line = this.connection.read();
				check(line, number);
				this.last = line;
			}
		}
		catch (IOException ex) {
			if (!this.closed) {
				this.failure = "after " + this.last + ": " + ex;
			}
		}
	}

	private void check(LineAnswer line, long number) throws IOException {
		if (!line.before().equals(number + " " + this.directive) || line.pid() != this.first.pid()) {
			throw new IOException("number " + number + " is " + line);
		}
	}

	/**
	 * Waits for so many more lines; fails if one was lost, or the connection.
	 */
	void awaitFurther(int count) {
		long wanted = number() + count;
		Deadline.in(LIMIT.plusSeconds(count)).await(count + " more lines of " + this.directive, () -> {
			if (this.failure != null) {
				throw new AssertionError(this.failure);
			}
			return number() >= wanted;
		}, () -> this.last.toString());
	}

	private long number() {
		return Long.parseLong(this.last.before().split(" ")[0]);
	}

	LineAnswer last() {
		return this.last;
	}

	long pid() {
		return this.first.pid();
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		this.connection.close();
	}

}
