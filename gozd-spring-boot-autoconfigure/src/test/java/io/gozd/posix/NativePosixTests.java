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
import java.util.Set;
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
		assertThat(Descriptors.sockets()).as("sockets that are open").isEqualTo(this.sockets);
	}

	@ParameterizedTest
	@MethodSource("addresses")
	void findsTheDescriptorThatListens(SocketAddress address) throws IOException {
		SocketAddress real;
		try (ServerSocketChannel other = ServerSocketChannel.open().bind(null);
				ServerSocketChannel channel = listen(address)) {
			real = channel.getLocalAddress();
			int fd = posix.listeningDescriptor(real);
			assertThat(Descriptors.target(fd)).startsWith("socket:");
			assertThat(fd).isNotEqualTo(posix.listeningDescriptor(other.getLocalAddress()));
		}
		assertThatIOException().isThrownBy(() -> posix.listeningDescriptor(real))
			.withMessageContaining(real.toString());
	}

	@Test
	void theWildcardOfIpv4IsThatOfIpv6() throws IOException {
		try (ServerSocketChannel channel = listen(new InetSocketAddress(0))) {
			int port = channel.socket().getLocalPort();
			assertThat(posix.listeningDescriptor(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), port)))
				.isEqualTo(posix.listeningDescriptor(new InetSocketAddress(InetAddress.getByName("::"), port)));
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
			assertThatIOException().isThrownBy(() -> posix.listeningDescriptor(address));
		}
	}

	@ParameterizedTest
	@MethodSource("addresses")
	void anAdoptedDescriptorAcceptsWhatComesToTheListener(SocketAddress address) throws IOException {
		try (ServerSocketChannel listener = listen(address)) {
			SocketAddress real = listener.getLocalAddress();
			int fd = Descriptors.duplicate(posix, posix.listeningDescriptor(real));
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
		int fd = Descriptors.duplicate(posix, posix.listeningDescriptor(real));
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
			int fd = Descriptors.duplicate(posix, posix.listeningDescriptor(real));
			listener.close();
			try (ServerSocketChannel adopted = posix.adopt(fd)) {
				assertThat(adopted.isOpen()).isTrue();
				assertThat(Descriptors.isCloseOnExec(posix.listeningDescriptor(real))).isTrue();
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
	void duplicateReplacesWhatTheNumberMeant() throws IOException {
		try (ServerSocketChannel one = listen(loopback()); ServerSocketChannel other = listen(loopback())) {
			int fd = posix.listeningDescriptor(one.getLocalAddress());
			int copy = Descriptors.duplicate(posix, fd);
			assertThat(Descriptors.target(copy)).isEqualTo(Descriptors.target(fd));
			int otherFd = posix.listeningDescriptor(other.getLocalAddress());
			posix.duplicate(otherFd, copy);
			assertThat(Descriptors.target(copy)).isEqualTo(Descriptors.target(otherFd));
			posix.close(copy);
			assertThat(Descriptors.target(copy)).isEmpty();
		}
		assertThatIOException().isThrownBy(() -> posix.duplicate(9999, 9998)).withMessageContaining("dup2");
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
