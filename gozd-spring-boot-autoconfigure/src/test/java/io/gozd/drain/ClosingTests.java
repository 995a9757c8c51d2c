package io.gozd.drain;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class ClosingTests {

	private final FakeEndpoint endpoint = new FakeEndpoint(0);

	private final FakeEndpoint other = new FakeEndpoint(0);

	private int failures;

	@Test
	void nothingToCloseIsDone() {
		assertThat(closing().isDone()).isTrue();
	}

	@Test
	void nothingIsDoneBeforeItGoesOn() {
		Closing closing = closing(this.endpoint);
		assertThat(closing.isDone()).isFalse();
		assertThat(this.endpoint.calls()).isEmpty();
	}

	@Test
	void newcomersAreRefusedOnceBeforeAQueueIsLookedAt() {
		this.endpoint.queue(true, true);
		Closing closing = closing(this.endpoint, this.other);
		closing.goOn();
		closing.goOn();
		assertThat(this.endpoint.calls()).containsExactly("refuseNewcomers", "served", "served");
		assertThat(this.other.calls()).containsExactly("refuseNewcomers", "quiet", "quiet");
	}

	@Test
	void howeverOftenItLooksAQueueIsQuietForAWhileBeforeItsListenerIsClosed() {
		Closing closing = closing(this.endpoint);
		await().pollInterval(Duration.ofMillis(1)).until(() -> {
			closing.goOn();
			return closing.isDone();
		});
		assertThat(this.endpoint.calls()).startsWith("refuseNewcomers", "quiet", "quiet", "quiet")
			.endsWith("quiet", "closeListener");
		assertThat(this.endpoint.wasQuiet()).isBetween(Duration.ofMillis(100), Duration.ofSeconds(5));
		closing.goOn();
		assertThat(this.endpoint.calls()).containsOnlyOnce("closeListener");
	}

	@Test
	void eachIsClosedWhenItIsQuietItself() {
		Closing closing = closing(this.endpoint, this.other);
		await().until(() -> {
			this.endpoint.queue(true);
			closing.goOn();
			return this.other.calls().contains("closeListener");
		});
		assertThat(this.endpoint.calls()).doesNotContain("quiet", "closeListener");
		assertThat(closing.isDone()).isFalse();
		untilDone(closing);
		assertThat(this.endpoint.calls()).endsWith("quiet", "closeListener");
		assertThat(this.other.calls()).containsOnlyOnce("closeListener");
	}

	@Test
	void aQueueThatCannotBeReadIsNotQuiet() {
		Closing closing = closing(this.endpoint, this.other);
		this.endpoint.failAt("quiet");
		await().until(() -> {
			closing.goOn();
			return this.other.calls().contains("closeListener");
		});
		assertThat(this.endpoint.calls()).doesNotContain("closeListener");
		this.endpoint.failNoMore();
		untilDone(closing);
		assertThat(this.endpoint.calls()).endsWith("closeListener");
	}

	@Test
	void oneThatFailsDoesNotKeepTheOther() {
		this.endpoint.failAt("refuseNewcomers");
		this.endpoint.failAt("closeListener");
		Closing closing = closing(this.endpoint, this.other);
		untilDone(closing);
		assertThat(this.failures).isEqualTo(2);
		assertThat(this.other.calls()).startsWith("refuseNewcomers").endsWith("closeListener");
	}

	@Test
	void whenTheTimeIsOverThoseThatAreLeftAreClosed() {
		Closing closing = closing(this.endpoint, this.other);
		await().until(() -> {
			this.endpoint.queue(true);
			closing.goOn();
			return this.other.calls().contains("closeListener");
		});
		this.endpoint.failAt("stopAccepting");
		closing.closeNow();
		assertThat(closing.isDone()).isTrue();
		assertThat(this.endpoint.calls()).endsWith("stopAccepting", "closeListener");
		assertThat(this.other.calls()).containsOnlyOnce("closeListener").doesNotContain("stopAccepting");
	}

	private static void untilDone(Closing closing) {
		await().until(() -> {
			closing.goOn();
			return closing.isDone();
		});
	}

	private Closing closing(Endpoint... endpoints) {
		return new Closing(List.of(endpoints), (endpoint, action) -> {
			try {
				action.run();
			}
			catch (IllegalStateException ex) {
				this.failures++;
			}
		});
	}

}
