package io.gozd.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/** What listens is held open, and not used. */
@SuppressWarnings("try")
final class SocketOwnersTests {

	private static final long SELF = ProcessHandle.current().pid();

	private Path directory;

	@BeforeEach
	void makeDirectory() throws IOException {
		this.directory = Files.createTempDirectory("gozd");
	}

	@AfterEach
	void removeDirectory() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@ParameterizedTest
	@CsvSource({ "INET, 127.0.0.1, 127.0.0.1", "INET, 127.0.0.1, 0.0.0.0", "INET, 127.0.0.1, ::",
			"INET, 0.0.0.0, 127.0.0.1", "INET6, ::1, ::1", "INET6, ::1, ::", "INET6, ::, 127.0.0.1",
			"INET6, 127.0.0.1, 127.0.0.1", "INET6, 127.0.0.1, 0.0.0.0" })
	void whoListensOnAPort(StandardProtocolFamily family, String bound, String asked) throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open(family)) {
			channel.bind(new InetSocketAddress(InetAddress.getByName(bound), 0));
			int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
			assertThat(pids(new InetSocketAddress(InetAddress.getByName(asked), port))).containsExactly(SELF);
		}
	}

	@Test
	void thePortOfAnotherAddressIsAnotherOne() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			channel.bind(new InetSocketAddress("127.0.0.1", 0));
			int port = ((InetSocketAddress) channel.getLocalAddress()).getPort();
			assertThat(pids(new InetSocketAddress("127.0.0.2", port))).isEmpty();
		}
	}

	@Test
	void nobodyHasAPortThatWasClosed() throws IOException {
		SocketAddress address;
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			channel.bind(new InetSocketAddress("127.0.0.1", 0));
			address = channel.getLocalAddress();
		}
		assertThat(pids(address)).isEmpty();
	}

	@Test
	void aPortMayBeHeldByAConnection() throws IOException {
		try (ServerSocketChannel server = ServerSocketChannel.open()) {
			server.bind(new InetSocketAddress("127.0.0.1", 0));
			try (SocketChannel client = SocketChannel.open(server.getLocalAddress())) {
				assertThat(pids(client.getLocalAddress())).containsExactly(SELF);
			}
		}
	}

	@Test
	void whoListensOnAPath() throws IOException {
		Path path = this.directory.resolve("with a blank.sock");
		try (ServerSocketChannel channel = listen(path)) {
			assertThat(pids(UnixDomainSocketAddress.of(path))).containsExactly(SELF);
			assertThat(pids(UnixDomainSocketAddress.of(this.directory.resolve("blank.sock")))).isEmpty();
		}
		assertThat(pids(UnixDomainSocketAddress.of(path))).isEmpty();
	}

	@Test
	void whoListensOnAPathThatGoesThroughALink() throws IOException {
		Path link = Files.createSymbolicLink(this.directory.resolve("link"), this.directory);
		try (ServerSocketChannel channel = listen(link.resolve("s.sock"))) {
			assertThat(pids(UnixDomainSocketAddress.of(this.directory.resolve("s.sock")))).containsExactly(SELF);
		}
	}

	@Test
	void ourOwnSocketsWereMovedToTheirPlace() throws IOException {
		Path moving = Files.createTempDirectory(this.directory, ".gozd").resolve("s.sock");
		Path path = this.directory.resolve("s.sock");
		try (ServerSocketChannel channel = listen(moving)) {
			Files.move(moving, path);
			Files.delete(moving.getParent());
			assertThat(pids(UnixDomainSocketAddress.of(path))).containsExactly(SELF);
			assertThat(pids(UnixDomainSocketAddress.of(this.directory.resolve("t.sock")))).isEmpty();
		}
	}

	@Test
	void whoHasANameInTheAbstractNamespace() throws IOException {
		Posix posix = NativePosix.get();
		int descriptor = posix.listenAbstract(this.directory.toString(), 1);
		try {
			assertThat(pids(UnixDomainSocketAddress.of("@" + this.directory))).containsExactly(SELF);
			assertThat(pids(UnixDomainSocketAddress.of(this.directory))).isEmpty();
		}
		finally {
			posix.close(descriptor);
		}
	}

	@Test
	void whoHoldsTheSocketOfAPath() throws IOException {
		Path path = this.directory.resolve("s.sock");
		try (ServerSocketChannel channel = listen(path)) {
			assertThat(new SocketOwners().holds(SELF, path)).hasValue(true);
			assertThat(new SocketOwners().holds(SELF, this.directory.resolve("t.sock"))).hasValue(false);
			assertThat(new SocketOwners(this.directory).holds(SELF, path)).as("nobody tells").isEmpty();
		}
		assertThat(new SocketOwners().holds(SELF, path)).hasValue(false);
	}

	@Test
	void theProgramIsNamed() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			channel.bind(new InetSocketAddress("127.0.0.1", 0));
			assertThat(new SocketOwners().of(channel.getLocalAddress()))
				.containsExactly(new SocketOwners.Owner(SELF, Files.readString(Path.of("/proc/self/comm")).strip()));
		}
	}

	@Test
	void withoutProcNobodyIsKnown() throws IOException {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			channel.bind(new InetSocketAddress("127.0.0.1", 0));
			assertThat(new SocketOwners(this.directory).of(channel.getLocalAddress())).isEmpty();
		}
	}

	private static ServerSocketChannel listen(Path path) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
	}

	private static List<Long> pids(SocketAddress address) {
		return new SocketOwners().of(address).stream().map(SocketOwners.Owner::pid).toList();
	}

}
