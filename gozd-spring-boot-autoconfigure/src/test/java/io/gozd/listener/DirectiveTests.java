package io.gozd.listener;

import java.net.InetSocketAddress;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class DirectiveTests {

	@Test
	void isKnownByItsAddress() {
		assertThat(SomeDirective.tcp("web", new InetSocketAddress("127.0.0.1", 8080)).key())
			.hasToString("tcp:127.0.0.1:8080");
		assertThat(SomeDirective.tcp("web", new InetSocketAddress("127.0.0.1", 0)).key())
			.hasToString("tcp:127.0.0.1:0#web");
		assertThat(SomeDirective.unix("web", Path.of("/run/web.sock")).key()).hasToString("unix:/run/web.sock");
	}

	@Test
	void listensOnOneOfTwoNetworks() {
		assertThat(SomeDirective.tcp("web").isTcp()).isTrue();
		assertThat(SomeDirective.unix("web", Path.of("/run/web.sock")).isTcp()).isFalse();
	}

	@Test
	void allButRawTcpIsForTheWebServer() {
		assertThat(Protocol.values()).filteredOn(Protocol::isWeb)
			.containsExactly(Protocol.HTTP, Protocol.HTTPS, Protocol.FCGI);
	}

}
