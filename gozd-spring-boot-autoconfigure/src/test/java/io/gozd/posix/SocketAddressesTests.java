package io.gozd.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class SocketAddressesTests {

	@Test
	void addressesAreTheSameWithTheSameHostAndPort() throws IOException {
		assertThat(SocketAddresses.same(inet("127.0.0.1", 80), inet("127.0.0.1", 80))).isTrue();
		assertThat(SocketAddresses.same(inet("127.0.0.1", 80), inet("127.0.0.1", 81))).isFalse();
		assertThat(SocketAddresses.same(inet("127.0.0.1", 80), inet("127.0.0.2", 80))).isFalse();
		assertThat(SocketAddresses.same(inet("::1", 80), inet("127.0.0.1", 80))).isFalse();
	}

	@Test
	void theWildcardsAreOneAndAreNoOtherAddress() throws IOException {
		assertThat(SocketAddresses.same(inet("0.0.0.0", 80), inet("::", 80))).isTrue();
		assertThat(SocketAddresses.same(inet("0.0.0.0", 80), inet("::", 81))).isFalse();
		assertThat(SocketAddresses.same(inet("0.0.0.0", 80), inet("127.0.0.1", 80))).isFalse();
	}

	@Test
	void anIpv4AddressWithinIpv6IsTheIpv4Address() throws IOException {
		assertThat(SocketAddresses.same(inet("::ffff:127.0.0.1", 80), inet("127.0.0.1", 80))).isTrue();
	}

	@Test
	void unixAddressesAreTheSameWithTheSamePath() throws IOException {
		assertThat(SocketAddresses.same(UnixDomainSocketAddress.of("/a"), UnixDomainSocketAddress.of("/a"))).isTrue();
		assertThat(SocketAddresses.same(UnixDomainSocketAddress.of("/a"), UnixDomainSocketAddress.of("/b"))).isFalse();
		assertThat(SocketAddresses.same(UnixDomainSocketAddress.of("/a"), inet("::1", 80))).isFalse();
	}

	private static InetSocketAddress inet(String host, int port) throws IOException {
		return new InetSocketAddress(InetAddress.getByName(host), port);
	}

}
