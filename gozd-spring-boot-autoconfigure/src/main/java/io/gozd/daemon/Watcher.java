package io.gozd.daemon;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.handover.Message;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who wants to know how a reload goes. The {@link Loop} tells it and never waits
 * for it; the thread of its connection passes on what it is told.
 */
final class Watcher {

	/** A reload has fewer steps. */
	private static final int MOST_MESSAGES = 64;

	private final BlockingQueue<Message> told = new ArrayBlockingQueue<>(MOST_MESSAGES);

	private volatile boolean gone;

	/** Nobody takes what it is told: it must not begin a reload any more. */
	void leave() {
		this.gone = true;
	}

	boolean isGone() {
		return this.gone;
	}

	/** Tell it something; lost where it takes nothing any more. */
	void tell(Message message) {
		this.told.offer(message);
	}

	/**
	 * Wait for what it is told next.
	 * @param limit how long to wait
	 * @return what it was told, or null if it was nothing
	 */
	@Nullable Message next(Duration limit) throws InterruptedException {
		return this.told.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
	}

}
