package io.gozd.posix;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class PlainUnixConnectionTests {

	@TempDir
	private Path directory;

	private Path path;

	private ServerSocketChannel server;

	private PlainUnixConnection connection;

	private SocketChannel peer;

	@BeforeEach
	void connect() throws IOException {
		this.path = this.directory.resolve("s");
		this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(this.path));
		this.connection = PlainUnixConnection.connect(this.path, NativePosix::get);
		this.peer = this.server.accept();
	}

	@AfterEach
	void close() throws IOException {
		this.connection.close();
		this.peer.close();
		this.server.close();
	}

	@Test
	void bytesGoBothWays() throws IOException {
		this.connection.send(bytes("ping"), List.of());
		assertThat(read(this.peer, 4)).isEqualTo("ping");
		this.peer.write(bytes("pong"));
		ByteBuffer buffer = ByteBuffer.allocate(100);
		assertThat(this.connection.receive(buffer, new ArrayList<>())).isEqualTo(4);
		assertThat(StandardCharsets.UTF_8.decode(buffer.flip()).toString()).isEqualTo("pong");
	}

	@Test
	void theEndOfTheStreamIsSeen() throws IOException {
		this.peer.close();
		assertThat(this.connection.receive(ByteBuffer.allocate(1), new ArrayList<>())).isEqualTo(-1);
	}

	@Test
	void aSilentPeerIsNotWaitedForForEver() {
		this.connection.readTimeout(20);
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.connection.receive(ByteBuffer.allocate(1), new ArrayList<>()))
			.withMessageContaining("silent");
	}

	@Test
	void thePeerIsWhoListens() throws IOException {
		assertThat(this.connection.user()).isEqualTo(Files.getOwner(this.path));
		assertThat(this.connection.peer().pid()).isEqualTo(ProcessHandle.current().pid());
	}

	@Test
	void itCarriesNoDescriptors() {
		assertThatIOException().isThrownBy(() -> this.connection.send(bytes("x"), List.of(1)))
			.withMessageContaining("no descriptors");
	}

	@Test
	void whereNobodyListensItIsRefused() throws IOException {
		this.server.close();
		assertThatExceptionOfType(ConnectException.class)
			.isThrownBy(() -> PlainUnixConnection.connect(this.path, NativePosix::get));
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private static String read(SocketChannel channel, int length) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(length);
		while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
			// More may come.
		}
		return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
	}

}
