package io.gozd.tcp;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.posix.PeerCredentials;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static io.gozd.tcp.Conversation.echoed;
import static io.gozd.tcp.Conversation.isAtEnd;
import static io.gozd.tcp.Conversation.receive;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class SocketConnectionTests {

	private final BlockingQueue<TcpConnection> connections = new LinkedBlockingQueue<>();

	private final CountDownLatch end = new CountDownLatch(1);

	private ServedDirective served;

	@AfterEach
	void close() {
		this.end.countDown();
		this.served.close();
	}

	@Test
	void aConnectionOfTcpKnowsItsAddresses() throws Exception {
		this.served = ServedDirective.tcp(this::hold);
		try (SocketChannel client = this.served.connect()) {
			TcpConnection connection = accepted();
			assertThat(connection.directive()).isEqualTo("test");
			assertThat(connection.peerAddress()).isEqualTo(client.getLocalAddress());
			assertThat(connection.localAddress()).isEqualTo(client.getRemoteAddress());
			assertThat(connection.channel().isBlocking()).isTrue();
			assertThat(connection.peerCredentials()).isEmpty();
		}
	}

	@Test
	void aConnectionOfAUnixSocketKnowsItsDirectiveAndWhoIsThere(@TempDir Path directory) throws Exception {
		Path path = directory.resolve("test.sock");
		this.served = ServedDirective.unix(path, this::hold);
		PeerCredentials self = new PeerCredentials(ProcessHandle.current().pid(), id(directory, "unix:uid"),
				id(directory, "unix:gid"));
		try (SocketChannel client = this.served.connect()) {
			TcpConnection connection = accepted();
			assertThat(connection.localAddress()).isEqualTo(UnixDomainSocketAddress.of(path));
			assertThat(connection.peerAddress()).hasToString("");
			assertThat(connection.peerCredentials()).hasValue(self);
			client.close();
			assertThat(connection.peerCredentials()).as("once known, it is remembered").hasValue(self);
		}
	}

	@Test
	void whoWasThereIsNotToldAfterwards(@TempDir Path directory) throws Exception {
		this.served = ServedDirective.unix(directory.resolve("test.sock"), this::hold);
		try (SocketChannel client = this.served.connect()) {
			TcpConnection connection = accepted();
			connection.close();
			assertThat(isAtEnd(client)).isTrue();
			assertThatIOException().isThrownBy(connection::peerCredentials);
		}
	}

	@Test
	void aUnixSocketIsServedAsAPortIs(@TempDir Path directory) throws Exception {
		this.served = ServedDirective.unix(directory.resolve("test.sock"), Conversation::echo);
		try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			client.connect(this.served.listener().address());
			assertThat(echoed(client, "there and back")).isEqualTo("there and back");
			client.shutdownOutput();
			assertThat(isAtEnd(client)).isTrue();
		}
	}

	@Test
	void oneThreadWritesWhileAnotherWaitsForBytes() throws Exception {
		this.served = ServedDirective.tcp((connection) -> {
			Thread writer = new Thread(() -> {
				try {
					connection.outputStream().write("written".getBytes());
				}
				catch (IOException ex) {
					throw new IllegalStateException(ex);
				}
			});
			connection.onDrain(writer::start);
			connection.inputStream().read();
		});
		try (SocketChannel client = this.served.connect()) {
			this.served.server().draining(true);
			assertThat(receive(client, 7)).isEqualTo("written");
		}
	}

	private void hold(TcpConnection connection) throws InterruptedException {
		this.connections.add(connection);
		this.end.await();
	}

	private TcpConnection accepted() throws InterruptedException {
		TcpConnection connection = this.connections.poll(10, TimeUnit.SECONDS);
		assertThat(connection).isNotNull();
		return connection;
	}

	private static long id(Path file, String attribute) throws IOException {
		return ((Integer) Files.getAttribute(file, attribute)).longValue();
	}

}
