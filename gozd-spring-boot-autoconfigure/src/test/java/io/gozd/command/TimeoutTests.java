package io.gozd.command;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class TimeoutTests {

	@ParameterizedTest
	@CsvSource({ "500, 300", "300, 300", "12, 12", "1, 1", "0, 1", "-7, 1", "9223372036854775807, 300" })
	void isNeverWithoutEnd(long left, int timeout) {
		assertThat(Timeout.millis(300, left)).isEqualTo(timeout);
	}

}
