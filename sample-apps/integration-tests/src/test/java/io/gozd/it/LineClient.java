package io.gozd.it;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One client of a load of raw TCP: a line after the other, each sent once. Its
 * connections have one line or many.
 */
final class LineClient implements Runnable {

	private static final int MANY = 100;

	private final LoadOptions options;

	private final int linesOfConnection;

	private final LoadRecord record;

	private final CountDownLatch stop;

	private final String name;

	private @Nullable LineConnection connection;

	private long sent;

	LineClient(LoadOptions options, int number, LoadRecord record, CountDownLatch stop) {
		this.options = options;
		this.linesOfConnection = options.mode().keepsAlive(number) ? MANY : 1;
		this.record = record;
		this.stop = stop;
		this.name = "client " + number + " line ";
	}

	@Override
	public void run() {
		try {
			do {
				exchange();
			}
			while (!this.stop.await(thinkMillis(), TimeUnit.MILLISECONDS));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			disconnect();
		}
	}

	private void exchange() {
		String stage = "connect";
		long start = System.nanoTime();
		try {
			if (this.connection == null) {
				this.connection = LineConnection.open(this.options.endpoint());
			}
			stage = (this.sent % this.linesOfConnection == 0) ? "first-line" : "later-line";
			this.record.answer(this.connection.exchange(this.name + this.sent), System.nanoTime() - start);
			this.sent++;
			if (this.sent % this.linesOfConnection == 0) {
				disconnect();
			}
		}
		catch (IOException ex) {
			this.record.failure(RequestFailure.of(stage, ex));
			this.sent = 0;
			disconnect();
		}
	}

	private long thinkMillis() {
		return 1 + ThreadLocalRandom.current().nextLong(2 * this.options.think().toMillis() + 1);
	}

	private void disconnect() {
		try {
			if (this.connection != null) {
				this.connection.close();
			}
		}
		catch (IOException ex) {
			// It is gone, which is what was wanted.
		}
		this.connection = null;
	}

}
