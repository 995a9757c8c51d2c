package io.gozd.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the application of a server under test does: it says a word, and where it is slow
 * it waits in between.
 *
 * @param word the word
 * @param begun told when a slow answer has begun
 * @param goOn awaited by it
 */
public record Script(String word, CountDownLatch begun, CountDownLatch goOn) {

	/** An application that says a word. */
	public static Script of(String word) {
		return new Script(word, new CountDownLatch(1), new CountDownLatch(1));
	}

	/** Wait until a slow answer has begun. */
	public void awaitBegun() throws InterruptedException {
		assertThat(this.begun.await(10, TimeUnit.SECONDS)).as("the application answers").isTrue();
	}

}
