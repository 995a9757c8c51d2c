package io.gozd.daemon;

import java.time.Duration;

import io.gozd.drain.DrainCause;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class SignalEchoesTests {

	private long now = Long.MAX_VALUE - 100;

	private final SignalEchoes echoes = new SignalEchoes(() -> this.now);

	@Test
	void aSignalToTheWholeGroupCountsOnce() {
		assertThat(direct(DrainCause.TERMINATE)).isFalse();
		assertThat(passedOn(DrainCause.TERMINATE)).isTrue();
		assertThat(passedOn(DrainCause.INTERRUPT)).as("another signal").isFalse();
		assertThat(direct(DrainCause.INTERRUPT)).isTrue();
	}

	@Test
	void aSecondOneCounts() {
		assertThat(direct(DrainCause.TERMINATE)).isFalse();
		assertThat(direct(DrainCause.TERMINATE)).isFalse();
		assertThat(passedOn(DrainCause.TERMINATE)).isTrue();
		assertThat(direct(DrainCause.TERMINATE)).isFalse();
		assertThat(passedOn(DrainCause.TERMINATE)).isTrue();
	}

	@Test
	void oneThatComesLongAfterIsNoEcho() {
		assertThat(direct(DrainCause.TERMINATE)).isFalse();
		this.now += Duration.ofSeconds(30).toNanos();
		assertThat(passedOn(DrainCause.TERMINATE)).isFalse();
	}

	@Test
	void oneThatABusyMachinePassesOnLateIsAnEcho() {
		assertThat(passedOn(DrainCause.TERMINATE)).isFalse();
		this.now += Duration.ofSeconds(20).toNanos();
		assertThat(direct(DrainCause.TERMINATE)).isTrue();
	}

	private boolean direct(DrainCause signal) {
		return this.echoes.isEcho(signal, false);
	}

	private boolean passedOn(DrainCause signal) {
		return this.echoes.isEcho(signal, true);
	}

}
