package io.gozd.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

final class AddressTextTests {

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 8080, 127.0.0.1 8080", "0.0.0.0, 1, 0.0.0.0 1", "::1, 65535, 0:0:0:0:0:0:0:1 65535",
			"::, 8443, 0:0:0:0:0:0:0:0 8443", "2001:db8::42, 80, 2001:db8:0:0:0:0:0:42 80" })
	void anAddressIsWrittenAndReadBack(String host, int port, String text) throws IOException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
		assertThat(AddressText.format(address)).isEqualTo(text);
		assertThat(AddressText.parse(text)).isEqualTo(address);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/run/web.sock", "@web", "relative", "/with blank 80", "/unix /x" })
	void aUnixSocketIsWrittenAndReadBack(String path) {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
		assertThat(AddressText.format(address)).isEqualTo("unix " + path);
		assertThat(AddressText.parse("unix " + path)).isEqualTo(address);
	}

	@Test
	void aPathThatIsNoneIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> AddressText.parse("unix /a\0b"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "unix", "127.0.0.1", "127.0.0.1:80", "127.0.0.1 ", "127.0.0.1 http", "127.0.0.1 65536",
			"127.0.0.1 -1", "::g 80" })
	void whatIsNoAddressIsRefused(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> AddressText.parse(text))
			.withMessage("Not the address of a listener: '" + text + "'");
	}

}
