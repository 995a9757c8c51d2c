package io.gozd.it;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * One client of a load of FastCGI: a request after the other, each sent once, with a
 * token that must come back. Connections are fresh or kept; of those that are kept most
 * are closed as nginx does it, and one in four goes on, as with Apache, for a while.
 */
final class FcgiClient implements Runnable {

	private static final int GOES_ON = 20;

	private final LoadOptions options;

	private final boolean keep;

	private final boolean heedsDismissal;

	private final LoadRecord record;

	private final CountDownLatch stop;

	private final String name;

	private @Nullable FcgiConnection connection;

	private long sent;

	private int sentSinceDismissal;

	FcgiClient(LoadOptions options, int number, LoadRecord record, CountDownLatch stop) {
		this.options = options;
		this.keep = options.mode().keepsAlive(number);
		this.heedsDismissal = number % 8 != 0;
		this.record = record;
		this.stop = stop;
		this.name = "client-" + number + "-";
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
		String token = this.name + this.sent++;
		boolean post = this.sent % 2 == 0;
		long start = System.nanoTime();
		try {
			if (this.connection == null) {
				this.connection = FcgiConnection.open(this.options.endpoint());
				stage = "fresh";
			}
			else {
				stage = "kept";
			}
			String body = this.connection.exchange(post ? "POST" : "GET", "/token" + (post ? "" : "?token=" + token),
					post ? token : "", this.keep);
			LineAnswer answer = LineAnswer.parse(body);
			if (!answer.after().equals(token)) {
				throw new IOException("not the answer to " + token + ": " + body);
			}
			this.record.answer(answer, System.nanoTime() - start);
			if (!this.keep || isToBeClosed()) {
				disconnect();
			}
		}
		catch (IOException ex) {
			this.record.failure(RequestFailure.of(stage + (post ? "-post" : "-get"), ex));
			disconnect();
		}
	}

	private boolean isToBeClosed() {
		this.sentSinceDismissal += this.connection.isDismissed() ? 1 : 0;
		return this.sentSinceDismissal > (this.heedsDismissal ? 0 : GOES_ON);
	}

	private long thinkMillis() {
		return ThreadLocalRandom.current().nextLong(2 * this.options.think().toMillis() + 1);
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
		this.sentSinceDismissal = 0;
	}

}
