package io.gozd.sample.http;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.stereotype.Component;

/**
 * Runs a task every 100 ms. More than one thread, since a client that reads slowly blocks
 * the one that writes to it.
 */
@Component
final class Ticker implements AutoCloseable {

	private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4,
			new CustomizableThreadFactory("ticker-"));

	ScheduledFuture<?> everyTenthOfSecond(Runnable task) {
		return this.threads.scheduleAtFixedRate(task, 0, 100, TimeUnit.MILLISECONDS);
	}

	@Override
	public void close() {
		this.threads.shutdownNow();
	}

}
