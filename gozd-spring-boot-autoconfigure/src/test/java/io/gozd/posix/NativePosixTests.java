package io.gozd.posix;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Listening descriptors, on the real kernel.
 */
final class NativePosixTests {

	private static final Posix posix = NativePosix.get();

	private static final int HUNDREDS = 200;

	@TempDir
	private static Path directory;

	private Set<Integer> sockets;

	static Stream<SocketAddress> addresses() throws IOException {
		return Stream.of(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0),
				new InetSocketAddress(InetAddress.getByName("::1"), 0), new InetSocketAddress(0),
				UnixDomainSocketAddress.of(directory.resolve("listener")));
	}

	@BeforeEach
	void count() throws IOException {
		// What the JDK opens once for all channels is open now.
		ServerSocketChannel.open().close();
		this.sockets = Descriptors.sockets();
	}

	@AfterEach
	void nothingLeaks() throws IOException {
		assertThat(Descriptors.socketsSince(this.sockets)).as("sockets that are open").isEmpty();
	}

	@ParameterizedTest
	@MethodSource("addresses")
	void findsTheDescriptorThatListens(SocketAddress address) throws IOException {
		SocketAddress real;
		try (ServerSocketChannel other = ServerSocketChannel.open().bind(null);
				ServerSocketChannel channel = listen(address)) {
			real = channel.getLocalAddress();
			int fd = Descriptors.listening(posix, real);
			assertThat(Descriptors.target(fd)).startsWith("socket:");
			assertThat(fd).isNotEqualTo(Descriptors.listening(posix, other.getLocalAddress()));
		}
		assertThatIOException().isThrownBy(() -> Descriptors.listening(posix, real))
			.withMessageContaining(real.toString());
	}

	@Test
	void whatIsDiscardedLeadsNowhere() throws IOException {
		Path file = directory.resolve("log");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
			int descriptor = Descriptors.of(file);
			posix.discard(descriptor);
			channel.write(ByteBuffer.wrap(new byte[10]));
			assertThat(file).isEmptyFile();
			assertThat(Descriptors.target(descriptor)).isEqualTo("/dev/null");
		}
	}

	@Test
	void findsManyDescriptorsAtOnceAndSaysWhichIsMissing() throws IOException {
		SocketAddress unix = UnixDomainSocketAddress.of(directory.resolve("many"));
		try (ServerSocketChannel one = listen(loopback());
				ServerSocketChannel other = listen(loopback());
				ServerSocketChannel third = listen(unix)) {
			SocketAddress first = one.getLocalAddress();
			SocketAddress second = other.getLocalAddress();
			Map<SocketAddress, Integer> found = posix.listeningDescriptors(List.of(first, second, unix));
			assertThat(found).containsOnlyKeys(first, second, unix)
				.containsEntry(first, Descriptors.listening(posix, first))
				.containsEntry(unix, Descriptors.listening(posix, unix));
			assertThat(found.values()).doesNotHaveDuplicates();
			third.close();
			assertThatIOException().isThrownBy(() -> posix.listeningDescriptors(List.of(first, second, unix)))
				.withMessageEndingWith(unix.toString());
		}
		assertThat(posix.listeningDescriptors(List.of())).isEmpty();
	}

	@Test
	void theWildcardOfIpv4IsThatOfIpv6() throws IOException {
		try (ServerSocketChannel channel = listen(new InetSocketAddress(0))) {
			int port = channel.socket().getLocalPort();
			assertThat(Descriptors.listening(posix, new InetSocketAddress(InetAddress.getByName("0.0.0.0"), port)))
				.isEqualTo(Descriptors.listening(posix, new InetSocketAddress(InetAddress.getByName("::"), port)));
		}
	}

	@Test
	void aConnectionIsNoListenerAlthoughItHasTheSameAddress() throws IOException {
		try (ServerSocketChannel listener = listen(loopback());
				SocketChannel client = SocketChannel.open(listener.getLocalAddress());
				SocketChannel accepted = accept(listener)) {
			SocketAddress address = listener.getLocalAddress();
			assertThat(accepted.getLocalAddress()).isEqualTo(address);
			listener.close();
			assertThatIOException().isThrownBy(() -> Descriptors.listening(posix, address));
		}
	}

	@ParameterizedTest
	@MethodSource("addresses")
	void anAdoptedDescriptorAcceptsWhatComesToTheListener(SocketAddress address) throws IOException {
		try (ServerSocketChannel listener = listen(address)) {
			SocketAddress real = listener.getLocalAddress();
			int fd = Descriptors.duplicate(posix, Descriptors.listening(posix, real));
			try (ServerSocketChannel adopted = posix.adopt(fd)) {
				assertThat(Descriptors.target(fd)).as("the number is free again").isEmpty();
				assertThat(adopted.isBlocking()).isFalse();
				assertThat(adopted.accept()).as("an empty queue").isNull();
				try (SocketChannel client = SocketChannel.open(real); SocketChannel accepted = accept(adopted)) {
					assertThatBytesArrive(client, accepted);
					assertThatBytesArrive(accepted, client);
				}
			}
			try (SocketChannel client = SocketChannel.open(real); SocketChannel accepted = accept(listener)) {
				assertThatBytesArrive(client, accepted);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("addresses")
	void anAdoptedListenerListensOnWhenTheOtherDescriptorIsClosed(SocketAddress address) throws IOException {
		ServerSocketChannel listener = listen(address);
		SocketAddress real = listener.getLocalAddress();
		int fd = Descriptors.duplicate(posix, Descriptors.listening(posix, real));
		try (ServerSocketChannel adopted = posix.adopt(fd); SocketChannel client = SocketChannel.open(real)) {
			listener.close();
			try (SocketChannel accepted = accept(adopted); SocketChannel later = SocketChannel.open(real)) {
				assertThatBytesArrive(client, accepted);
				accept(adopted).close();
			}
		}
		assertThatIOException().isThrownBy(() -> SocketChannel.open(real).close());
	}

	@Test
	void anAdoptedDescriptorIsNotLeftToChildren() throws IOException {
		try (ServerSocketChannel listener = listen(loopback())) {
			SocketAddress real = listener.getLocalAddress();
			int fd = Descriptors.duplicate(posix, Descriptors.listening(posix, real));
			listener.close();
			try (ServerSocketChannel adopted = posix.adopt(fd)) {
				assertThat(adopted.isOpen()).isTrue();
				assertThat(Descriptors.isCloseOnExec(Descriptors.listening(posix, real))).isTrue();
			}
		}
	}

	@Test
	void aConnectionIsNotAdoptedAndIsClosed() throws IOException {
		Path path = directory.resolve("plain");
		try (ServerSocketChannel listener = listen(UnixDomainSocketAddress.of(path))) {
			assertThat(listener.isOpen()).isTrue();
			Set<Integer> before = Descriptors.sockets();
			try (UnixConnection connection = posix.connect(path)) {
				assertThat(connection.peer().pid()).isPositive();
				Set<Integer> connected = Descriptors.sockets();
				connected.removeAll(before);
				int copy = Descriptors.duplicate(posix, connected.iterator().next());
				assertThatIOException().isThrownBy(() -> posix.adopt(copy))
					.withMessageContaining("not a listening socket");
				assertThat(Descriptors.target(copy)).isEmpty();
			}
		}
	}

	@Test
	void aConnectionOfTcpIsNotAdoptedEither() throws IOException {
		try (ServerSocketChannel listener = listen(loopback())) {
			Set<Integer> before = Descriptors.sockets();
			try (SocketChannel client = SocketChannel.open(listener.getLocalAddress())) {
				assertThat(client.isConnected()).isTrue();
				Set<Integer> connected = Descriptors.sockets();
				connected.removeAll(before);
				int copy = Descriptors.duplicate(posix, connected.iterator().next());
				assertThatIOException().isThrownBy(() -> posix.adopt(copy))
					.withMessageContaining("not a listening socket");
				assertThat(Descriptors.target(copy)).isEmpty();
			}
		}
	}

	@Test
	void aFileIsNotAdoptedAndIsClosed() throws IOException {
		Path file = Files.createFile(directory.resolve("file"));
		try (FileChannel channel = FileChannel.open(file)) {
			assertThat(channel.isOpen()).isTrue();
			int fd = Descriptors.of(file);
			int copy = Descriptors.duplicate(posix, fd);
			assertThatIOException().isThrownBy(() -> posix.adopt(copy)).withMessageContaining("not a listening socket");
			assertThat(Descriptors.target(copy)).isEmpty();
			assertThat(Descriptors.target(fd)).isNotEmpty();
		}
		Files.delete(file);
	}

	@Test
	void aDescriptorThatIsClosedIsNotAdopted() {
		assertThatIOException().isThrownBy(() -> posix.adopt(9999)).withMessageContaining("not a listening socket");
	}

	@Test
	void hundredsAreAdoptedByThreadsThatTakeEachOthersNumbers() throws Exception {
		List<ServerSocketChannel> listeners = new ArrayList<>();
		List<ServerSocketChannel> adopted = new ArrayList<>();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			List<Future<ServerSocketChannel>> adopting = new ArrayList<>();
			for (int i = 0; i < HUNDREDS; i++) {
				listeners.add(listen(
						(i % 2 == 0) ? loopback() : UnixDomainSocketAddress.of(directory.resolve("one of many " + i))));
			}
			Map<SocketAddress, Integer> open = posix.listeningDescriptors(names(listeners));
			for (SocketAddress name : names(listeners)) {
				int copy = posix.duplicate(open.get(name));
				adopting.add(threads.submit(() -> posix.adopt(copy)));
			}
			for (Future<ServerSocketChannel> future : adopting) {
				adopted.add(future.get(30, TimeUnit.SECONDS));
			}
			assertThat(Descriptors.socketsSince(this.sockets)).hasSize(2 * HUNDREDS);
			for (int i = 0; i < HUNDREDS; i++) {
				SocketAddress name = listeners.get(i).getLocalAddress();
				listeners.get(i).close();
				try (SocketChannel client = SocketChannel.open(name); SocketChannel accepted = accept(adopted.get(i))) {
					assertThatBytesArrive(client, accepted);
				}
			}
		}
		finally {
			threads.shutdown();
			assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
			closeAll(listeners);
			closeAll(adopted);
		}
	}

	@Test
	void aDuplicateIsAnotherNumberForTheSameAndIsNotLeftToChildren() throws IOException {
		try (ServerSocketChannel listener = listen(loopback())) {
			int fd = Descriptors.listening(posix, listener.getLocalAddress());
			int copy = posix.duplicate(fd);
			assertThat(copy).isNotEqualTo(fd);
			assertThat(Descriptors.target(copy)).isEqualTo(Descriptors.target(fd));
			assertThat(Descriptors.isCloseOnExec(copy)).isTrue();
			posix.close(copy);
			assertThat(Descriptors.target(fd)).startsWith("socket:");
		}
		assertThatIOException().isThrownBy(() -> posix.duplicate(9999)).withMessageContaining("F_DUPFD_CLOEXEC");
	}

	@Test
	void theQueueOfAListenerBecomesLonger() throws IOException {
		Path path = directory.resolve("queue");
		try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(path), 1); Clients clients = new Clients(path)) {
			// The kernel takes one more than it is told.
			assertThat(clients.connectUntilTheQueueIsFull()).isEqualTo(2);
			posix.listen(Descriptors.listening(posix, listener.getLocalAddress()), 10, List.of());
			assertThat(clients.connectUntilTheQueueIsFull()).isEqualTo(11);
		}
	}

	@Test
	void duplicateReplacesWhatTheNumberMeant() throws IOException {
		try (ServerSocketChannel one = listen(loopback()); ServerSocketChannel other = listen(loopback())) {
			int fd = Descriptors.listening(posix, one.getLocalAddress());
			int copy = Descriptors.duplicate(posix, fd);
			assertThat(Descriptors.target(copy)).isEqualTo(Descriptors.target(fd));
			int otherFd = Descriptors.listening(posix, other.getLocalAddress());
			posix.duplicate(otherFd, copy);
			assertThat(Descriptors.target(copy)).isEqualTo(Descriptors.target(otherFd));
			posix.close(copy);
			assertThat(Descriptors.target(copy)).isEmpty();
		}
		assertThatIOException().isThrownBy(() -> posix.duplicate(9999, 9998)).withMessageContaining("dup2");
	}

	private static List<SocketAddress> names(List<ServerSocketChannel> channels) throws IOException {
		List<SocketAddress> names = new ArrayList<>();
		for (ServerSocketChannel channel : channels) {
			names.add(channel.getLocalAddress());
		}
		return names;
	}

	private static void closeAll(List<ServerSocketChannel> channels) throws IOException {
		for (ServerSocketChannel channel : channels) {
			channel.close();
		}
	}

	/** In non-blocking mode, as every listener is before it is handed over. */
	private static ServerSocketChannel listen(SocketAddress address) throws IOException {
		ServerSocketChannel channel;
		if (address instanceof UnixDomainSocketAddress unix) {
			Files.deleteIfExists(unix.getPath());
			channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		}
		else {
			channel = ServerSocketChannel.open();
		}
		channel.configureBlocking(false);
		return channel.bind(address);
	}

	private static InetSocketAddress loopback() {
		return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
	}

	/** The connection is in the queue when connect has returned. */
	private static SocketChannel accept(ServerSocketChannel listener) throws IOException {
		SocketChannel accepted = listener.accept();
		assertThat(accepted).isNotNull();
		accepted.configureBlocking(true);
		return accepted;
	}

	private static void assertThatBytesArrive(SocketChannel from, SocketChannel to) throws IOException {
		from.write(ByteBuffer.wrap(new byte[] { 42 }));
		ByteBuffer received = ByteBuffer.allocate(2);
		assertThat(to.read(received)).isEqualTo(1);
		assertThat(received.get(0)).isEqualTo((byte) 42);
	}

}
