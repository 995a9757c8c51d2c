package io.gozd.drain;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

final class EventBoundaryTests {

	@ParameterizedTest
	@ValueSource(strings = { "\n", "\r\n", "\r" })
	void anEventIsWholeBehindItsEmptyLineAndNowhereBefore(String lineEnd) {
		String event = ("event: tick|id: 1|data: zażółć: |data|: a comment|data:|retry: 5||").replace("|", lineEnd);
		byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
		EventBoundary boundary = new EventBoundary();
		for (int round = 0; round < 3; round++) {
			assertThat(boundary.isBetweenEvents()).as("before round %s", round).isTrue();
			for (int i = 0; i < bytes.length; i++) {
				boundary.next(bytes[i]);
				assertThat(boundary.isBetweenEvents()).as("after byte %s of round %s", i, round)
					.isEqualTo(i == bytes.length - 1);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "\r\n", "\r", "\n\n\n", ":\n", ": ping\n", ":\r\n", ": a\n: b\n", ":\n\n",
			"data: 1\n\n", "data: 1\r\r", "data: 1\r\n\r\n", "data: 1\n\n: ping\n", "data: 1\n\n\n", "data: 1\n\r\n",
			"data: 1\r\n\n", "data: 1\r\n\r\ndata: 2\r\r", "data: 1\n: ping\n\n", "retry: 5\n\n" })
	void betweenTwoEvents(String text) {
		assertThat(after(text).isBetweenEvents()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "d", ":", ": ping", "data: 1", "data: 1\n", "data: 1\r", "data: 1\r\n", "data: 1\r\n\r",
			"data: 1\n:\n", "data: 1\n\ndata: 2\n", "data: 1\n\n:", "data: 1\n \n", "data: 1\r\n\r\ndata: 2\r\n\r",
			"retry: 5\n", "\uFEFF" })
	void withinAnEvent(String text) {
		assertThat(after(text).isBetweenEvents()).isFalse();
	}

	@Test
	void aNegativeByteIsNoLineEnd() {
		EventBoundary boundary = after("data: 1\n");
		boundary.next((byte) 0x8A);
		boundary.next((byte) '\n');
		assertThat(boundary.isBetweenEvents()).isFalse();
	}

	private static EventBoundary after(String text) {
		EventBoundary boundary = new EventBoundary();
		text.chars().forEach(boundary::next);
		return boundary;
	}

}
