package io.gozd.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

final class ListenerKeyTests {

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 8080, tcp:127.0.0.1:8080", "0.0.0.0, 8080, tcp:*:8080", "::, 8080, tcp:*:8080",
			"::1, 443, tcp:0:0:0:0:0:0:0:1:443" })
	void saysTheNetworkAndTheAddress(String host, int port, String key) throws IOException {
		assertThat(key("web", host, port)).hasToString(key);
		assertThat(key("web", host, port).value()).isEqualTo(key);
	}

	@Test
	void aListenerThatIsRenamedIsTheSame() throws IOException {
		assertThat(key("web", "127.0.0.1", 8080)).isEqualTo(key("server", "127.0.0.1", 8080));
	}

	@Test
	void anotherAddressIsAnotherListener() throws IOException {
		assertThat(key("web", "127.0.0.1", 8080)).isNotEqualTo(key("web", "127.0.0.1", 8081))
			.isNotEqualTo(key("web", "127.0.0.2", 8080))
			.isNotEqualTo(key("web", "0.0.0.0", 8080));
	}

	@Test
	void whereThePortIsLeftToTheKernelTheNameCounts() throws IOException {
		assertThat(key("web", "127.0.0.1", 0)).hasToString("tcp:127.0.0.1:0#web")
			.isNotEqualTo(key("management", "127.0.0.1", 0));
	}

	@Test
	void aUnixSocketIsKnownByItsPathOrNameAlone() {
		assertThat(unix("web", "/run/web.sock")).hasToString("unix:/run/web.sock")
			.isEqualTo(unix("server", "/run/web.sock"))
			.isNotEqualTo(unix("web", "/run/web"))
			.isNotEqualTo(unix("web", "@/run/web.sock"));
		assertThat(unix("web", "@web")).hasToString("unix:@web");
	}

	private static ListenerKey unix(String id, String path) {
		return ListenerKey.of(id, UnixDomainSocketAddress.of(path));
	}

	private static ListenerKey key(String id, String host, int port) throws IOException {
		return ListenerKey.of(id, new InetSocketAddress(InetAddress.getByName(host), port));
	}

}
