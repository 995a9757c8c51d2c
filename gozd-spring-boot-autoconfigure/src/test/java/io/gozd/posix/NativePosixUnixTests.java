package io.gozd.posix;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import jnr.ffi.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What is particular to Unix sockets, on the real kernel.
 */
@Timeout(30)
final class NativePosixUnixTests {

	private static final Posix posix = NativePosix.get();

	private static final int SOCK_STREAM_CLOEXEC = 1 | 0x80000;

	private final Native system = new Native();

	/** The abstract namespace is the machine's. */
	private final String name = "gozd test " + UUID.randomUUID();

	@TempDir
	private Path directory;

	private Set<Integer> sockets;

	@BeforeEach
	void count() throws IOException {
		ServerSocketChannel.open(StandardProtocolFamily.UNIX).close();
		this.sockets = Descriptors.sockets();
	}

	@AfterEach
	void nothingLeaks() throws IOException {
		assertThat(Descriptors.socketsSince(this.sockets)).as("sockets that are open").isEmpty();
	}

	@Test
	void aNameInTheAbstractNamespaceIsListenedOnAndAdopted() throws IOException {
		int fd = posix.listenAbstract(this.name, 10);
		assertThat(Descriptors.isCloseOnExec(fd)).isTrue();
		assertThat(posix.listeningDescriptors(List.of(address(this.name)))).containsValue(fd);
		try (ServerSocketChannel listener = posix.adopt(fd)) {
			assertThat(listener.isBlocking()).isFalse();
			assertThat(listener.accept()).isNull();
			assertThatAClientIsAccepted(listener, this.name);
			assertThat(Descriptors.isCloseOnExec(Descriptors.listening(posix, address(this.name)))).isTrue();
			assertThat(Path.of("@" + this.name)).doesNotExist();
		}
		assertThatIOException().isThrownBy(() -> posix.close(connectTo(this.name))).withMessageContaining("refused");
	}

	@Test
	void anAbstractNameIsItsListenersUntilThatIsClosed() throws IOException {
		int fd = posix.listenAbstract(this.name, 10);
		assertThatIOException().isThrownBy(() -> posix.listenAbstract(this.name, 10))
			.withMessageContaining("bind to @" + this.name);
		int longer = posix.listenAbstract(this.name + "2", 10);
		assertThat(Descriptors.listening(posix, address(this.name))).isEqualTo(fd);
		posix.close(fd);
		posix.close(longer);
		posix.close(posix.listenAbstract(this.name, 10));
	}

	@Test
	void anAbstractNameHasAtMostTheBytesThatFit() throws IOException {
		String longest = this.name + "ł".repeat((107 - this.name.length()) / 2);
		longest += "x".repeat(107 - longest.getBytes(StandardCharsets.UTF_8).length);
		try (ServerSocketChannel listener = posix.adopt(posix.listenAbstract(longest, 10))) {
			assertThatAClientIsAccepted(listener, longest);
		}
		String tooLong = longest + "x";
		assertThatIOException().isThrownBy(() -> posix.listenAbstract(tooLong, 10))
			.withMessageContaining("at most 107 bytes")
			.withMessageContaining("@" + tooLong);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatIsQueuedIsAcceptedAndANewcomerIsRefused(boolean inAnotherProcess) throws IOException {
		SocketAddress address = UnixDomainSocketAddress.of(this.directory.resolve("s"));
		try (ServerSocketChannel listener = listen(address);
				SocketChannel first = SocketChannel.open(address);
				SocketChannel second = SocketChannel.open(address)) {
			first.write(ByteBuffer.wrap(new byte[] { 1 }));
			second.write(ByteBuffer.wrap(new byte[] { 2 }));
			if (inAnotherProcess) {
				refuseInAnotherProcess(listener, address);
			}
			else {
				posix.refuseNewcomers(address);
			}
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> SocketChannel.open(address).close());
			try (SocketChannel one = accept(listener); SocketChannel two = accept(listener)) {
				assertThatItTalks(first, one, 1);
				assertThatItTalks(second, two, 2);
				assertThat(listener.accept()).as("nobody else is in the queue").isNull();
				assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> SocketChannel.open(address).close());
			}
		}
	}

	@Test
	void aSocketThatIsShutForNewcomersIsKnown() throws IOException {
		SocketAddress address = UnixDomainSocketAddress.of(this.directory.resolve("s"));
		try (ServerSocketChannel listener = listen(address); SocketChannel waits = SocketChannel.open(address)) {
			int descriptor = Descriptors.listening(posix, address);
			posix.acceptNewcomers(descriptor);
			posix.refuseNewcomers(address);
			assertThatIOException().isThrownBy(() -> posix.acceptNewcomers(descriptor))
				.withMessageContaining("nobody can connect");
			assertThat(listener.isOpen() && waits.isOpen()).isTrue();
		}
	}

	/** Of the same description, as a successor has it. */
	private static void refuseInAnotherProcess(ServerSocketChannel listener, SocketAddress address) throws IOException {
		int copy = Descriptors.duplicate(posix, Descriptors.listening(posix, address));
		try (ServerSocketChannel adopted = posix.adopt(copy)) {
			posix.refuseNewcomers(address);
			assertThat(adopted.isOpen()).isTrue();
		}
		assertThat(listener.isOpen()).isTrue();
	}

	@Test
	void anAbstractListenerRefusesNewcomersToo() throws IOException {
		try (ServerSocketChannel listener = posix.adopt(posix.listenAbstract(this.name, 10))) {
			posix.refuseNewcomers(address(this.name));
			assertThatIOException().isThrownBy(() -> posix.close(connectTo(this.name)))
				.withMessageContaining("refused");
			assertThat(listener.accept()).isNull();
		}
	}

	@Test
	void aPathThatIsNotThisProcesssIsSaid() {
		SocketAddress nobody = UnixDomainSocketAddress.of(this.directory.resolve("nobody"));
		assertThatIOException().isThrownBy(() -> posix.refuseNewcomers(nobody)).withMessageEndingWith("nobody");
	}

	private void assertThatAClientIsAccepted(ServerSocketChannel listener, String name) throws IOException {
		int client = connectTo(name);
		try (SocketChannel accepted = accept(listener)) {
			posix.close(client);
			assertThat(accepted.read(ByteBuffer.allocate(1))).as("the end of the stream").isEqualTo(-1);
		}
	}

	private int connectTo(String name) throws IOException {
		Pointer address = SocketAddresses.abstractName(this.system, name);
		int fd = (int) this.system.check("socket",
				(libc) -> libc.socket(SocketAddresses.AF_UNIX, SOCK_STREAM_CLOEXEC, 0));
		try {
			this.system.check("connect", (libc) -> libc.connect(fd, address, (int) address.size()));
			return fd;
		}
		catch (IOException ex) {
			posix.close(fd);
			throw ex;
		}
	}

	private static SocketAddress address(String name) {
		return UnixDomainSocketAddress.of("@" + name);
	}

	private static ServerSocketChannel listen(SocketAddress address) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		channel.configureBlocking(false);
		return channel.bind(address);
	}

	private static SocketChannel accept(ServerSocketChannel listener) throws IOException {
		SocketChannel accepted = listener.accept();
		assertThat(accepted).isNotNull();
		accepted.configureBlocking(true);
		return accepted;
	}

	/** What was sent before arrives, and what is sent now as well, both ways. */
	private static void assertThatItTalks(SocketChannel client, SocketChannel server, int sentBefore)
			throws IOException {
		assertThat(read(server)).isEqualTo(sentBefore);
		client.write(ByteBuffer.wrap(new byte[] { 3 }));
		assertThat(read(server)).isEqualTo(3);
		server.write(ByteBuffer.wrap(new byte[] { 4 }));
		assertThat(read(client)).isEqualTo(4);
	}

	private static int read(SocketChannel channel) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(1);
		assertThat(channel.read(buffer)).isEqualTo(1);
		return buffer.get(0);
	}

}
