package io.gozd.tcp;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class WorkersTests {

	private static final Duration SHORT = Duration.ofMillis(50);

	private final CountDownLatch goOn = new CountDownLatch(1);

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	private final AtomicInteger done = new AtomicInteger();

	@AfterEach
	void goOn() {
		this.goOn.countDown();
	}

	@Test
	void eachTaskHasAThreadAndIdleOnesLeave() {
		Executor workers = Workers.asMany("test-many-", false, SHORT);
		execute(workers, 20);
		await().until(() -> this.threads.size() == 20);
		assertThat(this.threads)
			.allSatisfy((thread) -> assertThat(thread.isDaemon()).as("does not keep the JVM alive").isTrue())
			.allSatisfy((thread) -> assertThat(thread.getName()).startsWith("test-many-"));
		this.goOn.countDown();
		await().until(() -> this.threads.stream().noneMatch(Thread::isAlive));
	}

	@Test
	void aThreadThatIsIdleIsUsedAgain() {
		Executor workers = Workers.asMany("test-again-", false, Workers.IDLE);
		this.goOn.countDown();
		execute(workers, 1);
		await().until(() -> this.threads.stream().allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING)
				&& this.done.get() == 1);
		execute(workers, 1);
		await().until(() -> this.done.get() == 2);
		assertThat(this.threads).hasSize(1);
	}

	@Test
	void whatIsMoreThanTheBoundWaits() {
		Executor workers = Workers.atMost("test-few-", false, 3);
		execute(workers, 10);
		await().until(() -> this.threads.size() == 3);
		assertThat(this.done).hasValue(0);
		this.goOn.countDown();
		await().until(() -> this.done.get() == 10);
		assertThat(this.threads).hasSize(3);
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void threadsAreVirtualWhereTheJvmHasThem() {
		execute(Workers.asMany("test-virtual-", true, SHORT), 2);
		execute(Workers.atMost("test-virtual-", true, 1), 2);
		await().until(() -> this.threads.size() == 4);
		assertThat(this.threads).allSatisfy(
				(thread) -> assertThat(thread.toString()).startsWith("VirtualThread[").contains("test-virtual-"));
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void threadsAreNotVirtualWhereTheJvmHasNone() {
		execute(Workers.asMany("test-platform-", true, SHORT), 1);
		await().until(() -> this.threads.size() == 1);
		assertThat(this.threads).allSatisfy((thread) -> assertThat(thread.isDaemon()).isTrue());
	}

	private void execute(Executor workers, int times) {
		for (int i = 0; i < times; i++) {
			workers.execute(() -> {
				this.threads.add(Thread.currentThread());
				try {
					assertThat(this.goOn.await(10, TimeUnit.SECONDS)).isTrue();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				this.done.incrementAndGet();
			});
		}
	}

}
