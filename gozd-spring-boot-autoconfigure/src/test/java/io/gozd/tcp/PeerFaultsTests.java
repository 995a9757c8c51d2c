package io.gozd.tcp;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

final class PeerFaultsTests {

	@Test
	void aConnectionThatWasResetIsThePeersFault() throws Exception {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
				SocketChannel peer = SocketChannel.open(listener.getLocalAddress());
				SocketChannel channel = listener.accept()) {
			peer.setOption(StandardSocketOptions.SO_LINGER, 0);
			peer.close();
			Throwable read = catchThrowable(() -> channel.read(ByteBuffer.allocate(1)));
			assertThat(read).isInstanceOf(IOException.class);
			assertThat(PeerFaults.isCauseOf(read)).isTrue();
			await().until(() -> catchThrowable(() -> channel.write(ByteBuffer.allocate(1))) != null);
			Throwable written = catchThrowable(() -> channel.write(ByteBuffer.allocate(1)));
			assertThat(PeerFaults.isCauseOf(written)).isTrue();
			assertThat(PeerFaults.isCauseOf(new IllegalStateException(new IOException("What a pity", written))))
				.isTrue();
		}
	}

	@Test
	void soIsAStreamThatEndsTooEarlyOrIsClosed() {
		assertThat(PeerFaults.isCauseOf(new EOFException())).isTrue();
		assertThat(PeerFaults.isCauseOf(new UncheckedIOException(new AsynchronousCloseException()))).isTrue();
	}

	@Test
	void everythingElseIsTheHandlersFault() {
		assertThat(PeerFaults.isCauseOf(new IOException("No space left on device"))).isFalse();
		assertThat(PeerFaults.isCauseOf(new FileNotFoundException("/none"))).isFalse();
		assertThat(PeerFaults.isCauseOf(new IllegalStateException("fault"))).isFalse();
		Throwable refused = catchThrowable(() -> {
			InetSocketAddress address;
			try (ServerSocketChannel listener = ServerSocketChannel.open()
				.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
				address = (InetSocketAddress) listener.getLocalAddress();
			}
			SocketChannel.open(address).close();
		});
		assertThat(refused).isNotNull();
		assertThat(PeerFaults.isCauseOf(refused)).as("what the handler connects to is not the peer").isFalse();
	}

}
