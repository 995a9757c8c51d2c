package io.gozd.posix;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Two listeners whose addresses overlap, on the real kernel.
 */
@Timeout(30)
final class NativePosixReserveTests {

	private static final Posix posix = NativePosix.get();

	private static final int BACKLOG = 50;

	private static final int CONNECTIONS = 20;

	private Set<Integer> sockets;

	@BeforeEach
	void count() throws IOException {
		ServerSocketChannel.open().close();
		Selector.open().close();
		this.sockets = Descriptors.sockets();
	}

	@AfterEach
	void nothingLeaks() throws IOException {
		assertThat(Descriptors.socketsSince(this.sockets)).as("sockets that are open").isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 0.0.0.0, 127.0.0.1", "0.0.0.0, 127.0.0.1, 127.0.0.1", "::1, ::, ::1", "::, ::1, ::1",
			"0.0.0.0, 127.0.0.1, ::1", "127.0.0.1, 127.0.0.1, 127.0.0.1" })
	void beforeItListensTheOldOneGetsEveryConnection(String from, String to, String client) throws IOException {
		try (ServerSocketChannel old = listen(address(from, 0))) {
			InetSocketAddress where = address(client, port(old));
			try (SocketChannel early = SocketChannel.open(where); SocketChannel accepted = accept(old)) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(early.getLocalAddress());
				int reserved = posix.reserve(address(to, port(old)), List.of(descriptor(old)));
				try (ServerSocketChannel successor = posix.adopt(posix.duplicate(reserved))) {
					assertThat(successor.isBlocking()).isFalse();
					assertAllComeTo(old, where);
				}
				posix.close(reserved);
				assertAllComeTo(old, where);
			}
		}
	}

	@Test
	void aWildcardLeavesTheCloserAddressToItsListenerUntilThatIsClosed() throws IOException {
		ServerSocketChannel old = listen(address("127.0.0.1", 0));
		InetSocketAddress where = address("127.0.0.1", port(old));
		InetSocketAddress elsewhere = address("127.0.0.2", port(old));
		int reserved = posix.reserve(address("0.0.0.0", port(old)), List.of(descriptor(old)));
		try (ServerSocketChannel successor = posix.adopt(posix.duplicate(reserved))) {
			assertThatIOException().isThrownBy(() -> SocketChannel.open(elsewhere).close());
			posix.listen(reserved, BACKLOG, List.of(descriptor(old)));
			posix.close(reserved);
			assertAllComeTo(successor, elsewhere);
			assertAllComeTo(old, where);
			old.close();
			assertAllComeTo(successor, where);
		}
	}

	@Test
	void aCloserAddressTakesItsConnectionsFromTheWildcardOnlyWhenItListens() throws IOException {
		try (ServerSocketChannel old = listen(address("0.0.0.0", 0))) {
			InetSocketAddress where = address("127.0.0.1", port(old));
			int reserved = posix.reserve(where, List.of(descriptor(old)));
			try (ServerSocketChannel successor = posix.adopt(posix.duplicate(reserved));
					SocketChannel queued = SocketChannel.open(where)) {
				posix.listen(reserved, BACKLOG, List.of(descriptor(old)));
				posix.close(reserved);
				try (SocketChannel accepted = accept(old)) {
					assertThat(accepted.getRemoteAddress()).as("what was queued stays where it is")
						.isEqualTo(queued.getLocalAddress());
				}
				assertAllComeTo(successor, where);
				assertAllComeTo(old, address("127.0.0.2", port(old)));
			}
		}
	}

	/** A port that the kernel chose, and that is configured now. */
	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "0.0.0.0" })
	void onTheSameAddressEachConnectionHasOneOwnerAndTheNewOneRemains(String host) throws IOException {
		ServerSocketChannel old = listen(address(host, 0));
		InetSocketAddress where = address("127.0.0.1", port(old));
		int reserved = posix.reserve(address(host, port(old)), List.of(descriptor(old)));
		try (ServerSocketChannel successor = posix.adopt(posix.duplicate(reserved))) {
			posix.listen(reserved, BACKLOG, List.of(descriptor(old)));
			posix.close(reserved);
			for (int i = 0; i < CONNECTIONS; i++) {
				try (SocketChannel client = SocketChannel.open(where);
						SocketChannel one = old.accept();
						SocketChannel two = successor.accept()) {
					assertThat(Stream.of(one, two).filter(Objects::nonNull)).hasSize(1);
					assertThat(client.isConnected()).isTrue();
				}
			}
			old.close();
			assertAllComeTo(successor, where);
		}
	}

	@Test
	void aWildcardTakesThePlaceOfSeveral() throws IOException {
		try (ServerSocketChannel four = listen(address("127.0.0.1", 0));
				ServerSocketChannel six = listen(address("::1", port(four)))) {
			List<Integer> neighbours = List.of(descriptor(four), descriptor(six));
			int reserved = posix.reserve(address("::", port(four)), neighbours);
			try (ServerSocketChannel successor = posix.adopt(posix.duplicate(reserved))) {
				posix.listen(reserved, BACKLOG, neighbours);
				posix.close(reserved);
				int port = port(four);
				four.close();
				six.close();
				assertAllComeTo(successor, address("127.0.0.1", port));
				assertAllComeTo(successor, address("::1", port));
			}
		}
	}

	/** As a gate does it: the channel is known to a selector before it listens. */
	@Test
	void aSelectorThatKnewItBeforeSeesWhatComes() throws IOException {
		try (ServerSocketChannel old = listen(address("0.0.0.0", 0)); Selector selector = Selector.open()) {
			InetSocketAddress where = address("127.0.0.1", port(old));
			int reserved = posix.reserve(where, List.of(descriptor(old)));
			try (ServerSocketChannel successor = posix.adopt(posix.duplicate(reserved))) {
				successor.register(selector, SelectionKey.OP_ACCEPT);
				selector.selectNow();
				selector.selectedKeys().clear();
				posix.listen(reserved, BACKLOG, List.of(descriptor(old)));
				posix.close(reserved);
				assertThat(selector.selectNow()).as("nobody is there yet").isZero();
				try (SocketChannel client = SocketChannel.open(where)) {
					assertThat(selector.select(10_000)).isEqualTo(1);
					accept(successor).close();
					assertThat(client.isConnected()).isTrue();
				}
			}
			selector.selectNow();
		}
	}

	@Test
	void twoUnrelatedStartsOnOnePortFailAsBefore() throws IOException {
		try (ServerSocketChannel old = listen(address("127.0.0.1", 0))) {
			InetSocketAddress wildcard = address("0.0.0.0", port(old));
			int reserved = posix.reserve(wildcard, List.of(descriptor(old)));
			assertInUse(old.getLocalAddress());
			assertInUse(wildcard);
			posix.listen(reserved, BACKLOG, List.of(descriptor(old)));
			assertInUse(old.getLocalAddress());
			assertInUse(wildcard);
			assertThat(old.getOption(StandardSocketOptions.SO_REUSEPORT)).isFalse();
			try (ServerSocketChannel successor = posix.adopt(reserved)) {
				assertThat(successor.getOption(StandardSocketOptions.SO_REUSEPORT)).isFalse();
				old.close();
				assertInUse(wildcard);
			}
		}
	}

	@Test
	void aStrangersAddressIsNotReserved() throws IOException {
		try (ServerSocketChannel stranger = listen(address("127.0.0.1", 0));
				ServerSocketChannel neighbour = listen(address("127.0.0.1", 0))) {
			InetSocketAddress wildcard = address("0.0.0.0", port(stranger));
			assertThatExceptionOfType(BindException.class)
				.isThrownBy(() -> posix.reserve(wildcard, List.of(descriptor(neighbour))));
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> posix.reserve(wildcard, List.of()));
			assertThat(neighbour.getOption(StandardSocketOptions.SO_REUSEPORT)).isFalse();
		}
	}

	@Test
	void aNeighbourThatIsNoneIsSaidAndTheOtherIsAsBefore() throws IOException {
		try (ServerSocketChannel old = listen(address("127.0.0.1", 0))) {
			InetSocketAddress wildcard = address("0.0.0.0", port(old));
			assertThatIOException().isThrownBy(() -> posix.reserve(wildcard, List.of(descriptor(old), 9999)))
				.withMessageContaining("SO_REUSEPORT");
			assertThat(old.getOption(StandardSocketOptions.SO_REUSEPORT)).isFalse();
		}
	}

	private static void assertAllComeTo(ServerSocketChannel listener, SocketAddress where) throws IOException {
		for (int i = 0; i < CONNECTIONS; i++) {
			try (SocketChannel client = SocketChannel.open(where); SocketChannel accepted = accept(listener)) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			}
		}
	}

	private static void assertInUse(SocketAddress address) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> listen(address).close());
	}

	private static ServerSocketChannel listen(SocketAddress address) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			channel.configureBlocking(false);
			return channel.bind(address);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private static SocketChannel accept(ServerSocketChannel listener) throws IOException {
		SocketChannel accepted = listener.accept();
		assertThat(accepted).isNotNull();
		return accepted;
	}

	private static int descriptor(ServerSocketChannel channel) throws IOException {
		return Descriptors.listening(posix, channel.getLocalAddress());
	}

	private static int port(ServerSocketChannel channel) {
		return channel.socket().getLocalPort();
	}

	private static InetSocketAddress address(String host, int port) throws IOException {
		return new InetSocketAddress(InetAddress.getByName(host), port);
	}

}
