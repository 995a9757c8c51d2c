package io.gozd.channel;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeout;

final class ConnectionCountTests {

	private volatile IntSupplier server = () -> 3;

	private final ConnectionCount count = new ConnectionCount("test", () -> this.server.getAsInt(),
			Duration.ofMillis(200));

	@Test
	void eachTimeItIsCountedAnew() {
		assertThat(this.count.get()).isEqualTo(3);
		this.server = () -> 0;
		assertThat(this.count.get()).isZero();
	}

	@Test
	void whereTheServerFailsTheLastNumberCounts() {
		assertThat(this.count.get()).isEqualTo(3);
		this.server = () -> {
			throw new IllegalStateException("on purpose");
		};
		assertThat(this.count.get()).isEqualTo(3);
	}

	@Test
	void aCountThatIsAlwaysLateIsBelievedWhenItHasFoundNoneTwice() {
		Semaphore goOn = new Semaphore(0);
		AtomicInteger ended = new AtomicInteger();
		this.server = () -> {
			goOn.acquireUninterruptibly();
			ended.incrementAndGet();
			return 0;
		};
		for (int i = 1; i <= 2; i++) {
			assertThat(this.count.get()).as("late").isOne();
			assertThat(this.count.get()).as("not waited for again").isOne();
			goOn.release();
			int times = i;
			await().until(() -> ended.get() == times);
			int believed = (i == 2) ? 0 : 1;
			// Until the thread has handed over its number it is late.
			await().untilAsserted(() -> assertThat(this.count.get()).isEqualTo(believed));
		}
	}

	@Test
	void aCountThatDoesNotEndIsWaitedForOnceAndNotTakenForNone() {
		CountDownLatch end = new CountDownLatch(1);
		this.server = () -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return 0;
		};
		assertTimeout(Duration.ofSeconds(20), () -> {
			for (int i = 0; i < 100; i++) {
				assertThat(this.count.get()).isOne();
			}
		});
		end.countDown();
		await().untilAsserted(() -> assertThat(this.count.get()).isZero());
	}

}
