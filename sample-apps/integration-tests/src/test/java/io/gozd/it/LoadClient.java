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

	private final Questions questions;

	private final LoadRecord record;

	private final CountDownLatch stop;

	private @Nullable HttpConnection connection;

	LoadClient(LoadOptions options, int number, LoadRecord record, CountDownLatch stop) {
		this(options, record, stop,
				new Identities((number / 2 % 2 == 0) ? "GET" : "POST", options.mode().keepsAlive(number)));
	}

	private LoadClient(LoadOptions options, LoadRecord record, CountDownLatch stop, Questions questions) {
		this.options = options;
		this.questions = questions;
		this.record = record;
		this.stop = stop;
	}

	/**
	 * A client each of whose requests has something that no other has, and wants it back.
	 */
	static LoadClient withTokens(LoadOptions options, int number, LoadRecord record, CountDownLatch stop) {
		return new LoadClient(options, record, stop, new Tokens(number, options.mode().keepsAlive(number)));
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
			HttpRequest request = this.questions.next();
			HttpAnswer answer = this.connection.exchange(request);
			if (answer.status() != 200 || !answer.isIdentity() || !this.questions.isAnswered(answer)) {
				this.record.failure(RequestFailure.of(answer));
				disconnect();
				return false;
			}
			this.record.answer(answer, System.nanoTime() - start);
			if (!request.keepAlive() || answer.closesConnection()) {
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

	/**
	 * What a client asks.
	 */
	private interface Questions {

		HttpRequest next();

		/**
		 * Whether this is the answer to the last one.
		 */
		boolean isAnswered(HttpAnswer answer);

	}

	/**
	 * Who serves?
	 */
	private record Identities(String method, boolean keepAlive) implements Questions {

		@Override
		public HttpRequest next() {
			return new HttpRequest(this.method, "/", this.keepAlive);
		}

		@Override
		public boolean isAnswered(HttpAnswer answer) {
			return answer.token() == null;
		}

	}

	/**
	 * Who serves, and what have I sent? By GET and POST in turn.
	 */
	private static final class Tokens implements Questions {

		private final int client;

		private final boolean keepAlive;

		private long sent;

		Tokens(int client, boolean keepAlive) {
			this.client = client;
			this.keepAlive = keepAlive;
		}

		@Override
		public HttpRequest next() {
			this.sent++;
			return (this.sent % 2 == 0) ? new HttpRequest("GET", "/token/" + token(), this.keepAlive, "")
					: new HttpRequest("POST", "/token", this.keepAlive, "token=" + token());
		}

		@Override
		public boolean isAnswered(HttpAnswer answer) {
			return token().equals(answer.token());
		}

		private String token() {
			return this.client + "-" + this.sent;
		}

	}

}
