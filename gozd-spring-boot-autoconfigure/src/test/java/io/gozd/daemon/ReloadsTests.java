package io.gozd.daemon;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import io.gozd.handover.Message;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ReloadsTests {

	private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

	private final Reloads reloads = new Reloads(7, Clock.fixed(NOW, ZoneOffset.UTC));

	private final Watcher watcher = new Watcher();

	@Test
	void whoWaitsFollowsTheReloadThatBeginsNext() throws InterruptedException {
		this.reloads.awaitNext(this.watcher);
		this.reloads.begin();
		Message step = next(this.watcher);
		assertThat(step.type()).isEqualTo(Message.PROGRESS);
		assertThat(step.field("generation")).isEqualTo("7");
		this.reloads.step("on its way");
		assertThat(next(this.watcher).field("step")).isEqualTo("on its way");
		this.reloads.succeeded();
		assertThat(next(this.watcher)).isEqualTo(Message.of(Message.RELOADED).with("generation", 8));
		assertThat(this.reloads.last()).isEqualTo(new Reloads.Outcome("", "", NOW));
	}

	@Test
	void aReloadThatWasGoingOnAlreadyIsNotTheOneThatIsWaitedFor() throws InterruptedException {
		this.reloads.begin();
		this.reloads.awaitNext(this.watcher);
		this.reloads.step("of another");
		this.reloads.failed("broken", "\n  | lines");
		assertThat(nothing(this.watcher)).isTrue();
		this.reloads.begin();
		next(this.watcher);
		this.reloads.failed("broken again", "\n  | lines");
		assertThat(next(this.watcher))
			.isEqualTo(Message.of(Message.NOT_RELOADED, "broken again\n  | lines").with("generation", 7));
	}

	@Test
	void whoWaitsWhenTheDaemonBecomesTheSuccessorsIsToldToAskIt() throws InterruptedException {
		this.reloads.begin();
		this.reloads.awaitNext(this.watcher);
		this.reloads.succeeded();
		assertThat(next(this.watcher)).isEqualTo(Message.of(Message.MOVED).with("generation", 8));
	}

	@Test
	void whoComesAgainJoinsTheReloadThatRuns() throws InterruptedException {
		assertThat(this.reloads.join(this.watcher)).isFalse();
		this.reloads.begin();
		assertThat(this.reloads.begun()).isEqualTo(NOW);
		assertThat(this.reloads.join(this.watcher)).isTrue();
		assertThat(next(this.watcher).type()).isEqualTo(Message.PROGRESS);
		this.reloads.failed("broken", "\n  | lines");
		assertThat(next(this.watcher).type()).isEqualTo(Message.NOT_RELOADED);
		assertThat(this.reloads.begun()).isNull();
	}

	@Test
	void whoComesAgainTooLateIsToldHowItEnded() throws InterruptedException {
		this.reloads.begin();
		this.reloads.failed("broken", "\n  | lines");
		assertThat(this.reloads.join(this.watcher)).isTrue();
		assertThat(next(this.watcher).field("reason")).isEqualTo("broken\n  | lines");
		assertThat(this.reloads.last()).as("a monitor is not told the lines")
			.extracting(Reloads.Outcome::reason)
			.isEqualTo("broken");
	}

	@Test
	void whatIsRefusedIsSaidToThoseWhoWait() throws InterruptedException {
		this.reloads.awaitNext(this.watcher);
		this.reloads.refuse("The daemon terminates");
		assertThat(next(this.watcher)).isEqualTo(Message.of(Message.NOT_RELOADED, "The daemon terminates"));
	}

	@Test
	void whoseReloadHasBroughtThisProcessIsToldWhenTheDaemonIsItsOwn() throws InterruptedException {
		this.reloads.awaitArrival(this.watcher);
		assertThat(nothing(this.watcher)).isTrue();
		this.reloads.arrived();
		assertThat(next(this.watcher)).isEqualTo(Message.of(Message.RELOADED).with("generation", 7));
	}

	@Test
	void onlyThoseThatWaitStillAreToldWhatFor() throws InterruptedException {
		this.reloads.explain(this.watcher, "nobody asks");
		assertThat(nothing(this.watcher)).isTrue();
		this.reloads.awaitNext(this.watcher);
		this.reloads.explain(this.watcher, "another goes on");
		assertThat(next(this.watcher)).isEqualTo(Message.of(Message.PROGRESS).with("step", "another goes on"));
	}

	@Test
	void whoIsForgottenIsToldNothing() throws InterruptedException {
		this.reloads.awaitNext(this.watcher);
		this.reloads.begin();
		next(this.watcher);
		this.reloads.forget(this.watcher);
		this.reloads.failed("broken", "\n  | lines");
		assertThat(nothing(this.watcher)).isTrue();
	}

	private static Message next(Watcher watcher) throws InterruptedException {
		Message message = watcher.next(Duration.ZERO);
		assertThat(message).isNotNull();
		return message;
	}

	private static boolean nothing(Watcher watcher) throws InterruptedException {
		return watcher.next(Duration.ZERO) == null;
	}

}
