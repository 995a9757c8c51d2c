package io.gozd.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class InheritedListenerTests {

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 8080, 127.0.0.1 8080", "0.0.0.0, 1, 0.0.0.0 1", "::1, 65535, 0:0:0:0:0:0:0:1 65535",
			"::, 8443, 0:0:0:0:0:0:0:0 8443", "2001:db8::42, 80, 2001:db8:0:0:0:0:0:42 80" })
	void anAddressIsWrittenAndReadBack(String host, int port, String text) throws IOException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
		assertThat(InheritedListener.format(address)).isEqualTo(text);
		assertThat(InheritedListener.parse(text)).isEqualTo(address);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "127.0.0.1", "127.0.0.1:80", "127.0.0.1 ", "127.0.0.1 http", "127.0.0.1 65536",
			"127.0.0.1 -1", "::g 80" })
	void whatIsNoAddressIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> InheritedListener.parse(text))
			.withMessage("Not the address of a listener: '" + text + "'");
	}

}
