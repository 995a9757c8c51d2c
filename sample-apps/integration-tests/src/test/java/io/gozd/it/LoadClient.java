package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One client of a load: a request after the other, each sent once.
 */
final class LoadClient implements Runnable {

	private static final Duration AFTER_FAILURE = Duration.ofMillis(5);

	private final LoadOptions options;

	private final HttpRequest request;

	private final LoadRecord record;

	private final CountDownLatch stop;

	private @Nullable HttpConnection connection;

	LoadClient(LoadOptions options, int number, LoadRecord record, CountDownLatch stop) {
		this.options = options;
		this.request = new HttpRequest((number / 2 % 2 == 0) ? "GET" : "POST", "/", options.mode().keepsAlive(number));
		this.record = record;
		this.stop = stop;
	}

	@Override
	public void run() {
		try {
			while (this.stop.getCount() > 0) {
				pause(request() ? thinkTime() : AFTER_FAILURE);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			disconnect();
		}
	}

	private boolean request() {
		long start = System.nanoTime();
		try {
			if (this.connection == null) {
				this.connection = HttpConnection.open(this.options.endpoint(), this.options.timeout());
			}
			HttpAnswer answer = this.connection.exchange(this.request);
			if (answer.status() != 200 || !answer.isIdentity()) {
				this.record.failure(RequestFailure.of(answer));
				disconnect();
				return false;
			}
			this.record.answer(answer, System.nanoTime() - start);
			if (!this.request.keepAlive() || answer.closesConnection()) {
				disconnect();
			}
			return true;
		}
		catch (IOException ex) {
			this.record.failure(RequestFailure.of(this.connection, ex));
			disconnect();
			return false;
		}
	}

	private Duration thinkTime() {
		long mean = this.options.think().toMillis();
		return Duration.ofMillis((mean > 0) ? ThreadLocalRandom.current().nextLong(2 * mean + 1) : 0);
	}

	private void pause(Duration duration) throws InterruptedException {
		if (!duration.isZero()) {
			this.stop.await(duration.toMillis(), TimeUnit.MILLISECONDS);
		}
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
