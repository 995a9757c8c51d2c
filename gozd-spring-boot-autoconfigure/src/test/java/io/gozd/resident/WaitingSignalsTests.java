package io.gozd.resident;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WaitingSignals}.
 */
class WaitingSignalsTests {

	@Test
	void takesOneAfterTheOther() throws IOException {
		ByteBuffer bytes = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());
		bytes.putInt(0, 15).putInt(4, 99).putInt(128, 1);
		WaitingSignals signals = new WaitingSignals(new ByteArrayInputStream(bytes.array()));
		assertThat(signals.take()).isEqualTo(15);
		assertThat(signals.take()).isEqualTo(1);
		assertThatExceptionOfType(EOFException.class).isThrownBy(signals::take);
	}

}
