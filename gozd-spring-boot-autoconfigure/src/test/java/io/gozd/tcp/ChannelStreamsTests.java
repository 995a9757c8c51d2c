package io.gozd.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class ChannelStreamsTests {

	private static final Runnable NOBODY = () -> {
	};

	private SocketChannel one;

	private SocketChannel other;

	@BeforeEach
	void connect() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			this.one = SocketChannel.open(listener.getLocalAddress());
			this.other = listener.accept();
		}
	}

	@AfterEach
	void close() throws IOException {
		this.one.close();
		this.other.close();
	}

	@Test
	void everyByteComesAsItWent() throws Exception {
		byte[] all = new byte[3_000_001];
		new Random(1).nextBytes(all);
		CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> readAll(this.other));
		try (OutputStream output = new ChannelOutput(this.one, NOBODY)) {
			output.write(all[0]);
			output.write(all, 1, all.length - 1);
		}
		assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(all);
	}

	@Test
	void bytesAreNotNegativeAndTheEndIs() throws IOException {
		InputStream input = new ChannelInput(this.other, NOBODY);
		new ChannelOutput(this.one, NOBODY).write(0x1ff);
		assertThat(input.read()).isEqualTo(0xff);
		assertThat(input.read(new byte[1], 0, 0)).isZero();
		this.one.shutdownOutput();
		assertThat(input.read()).isEqualTo(-1);
		assertThat(input.read(new byte[10], 2, 5)).isEqualTo(-1);
	}

	@Test
	void whatIsOutsideOfTheArrayIsRefused() {
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> new ChannelInput(this.other, NOBODY).read(new byte[5], 3, 3));
		assertThatExceptionOfType(IndexOutOfBoundsException.class)
			.isThrownBy(() -> new ChannelOutput(this.other, NOBODY).write(new byte[5], 3, 3));
	}

	@Test
	void aChannelThatDoesNotBlockHasNoStreams() throws IOException {
		this.other.configureBlocking(false);
		assertThatExceptionOfType(IllegalBlockingModeException.class)
			.isThrownBy(() -> new ChannelInput(this.other, NOBODY).read());
		assertThatExceptionOfType(IllegalBlockingModeException.class)
			.isThrownBy(() -> new ChannelOutput(this.other, NOBODY).write(new byte[100_000_000]));
	}

	@Test
	void aClosedStreamIsAClosedConnection() throws IOException {
		new ChannelInput(this.other, NOBODY).close();
		assertThat(this.other.isOpen()).isFalse();
		assertThat(new ChannelInput(this.one, NOBODY).read()).isEqualTo(-1);
		assertThatIOException().isThrownBy(() -> new ChannelOutput(this.other, NOBODY).write(1));
	}

	private static byte[] readAll(SocketChannel channel) {
		try (InputStream input = new ChannelInput(channel, NOBODY)) {
			return input.readAllBytes();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
