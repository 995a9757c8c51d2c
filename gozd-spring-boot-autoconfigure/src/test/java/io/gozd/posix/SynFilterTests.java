package io.gozd.posix;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * What clients of TCP see when newcomers are refused, on the real kernel.
 */
@Timeout(30)
final class SynFilterTests {

	private static final Posix posix = NativePosix.get();

	/** On loopback a handshake takes microseconds. */
	private static final int LONG_ENOUGH_MILLIS = 300;

	/** The kernel repeats a SYN after 1, 3 and 7 seconds. */
	private static final int REPEATED_MILLIS = 10_000;

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void whoHasBegunIsServedAndWhoComesNewFindsThePortClosedInTheEnd(String host) throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getByName(host), 0));
				SocketChannel early = SocketChannel.open(listener.getLocalAddress());
				SocketChannel served = listener.accept();
				SocketChannel queued = SocketChannel.open(listener.getLocalAddress());
				SocketChannel newcomer = SocketChannel.open();
				Selector selector = Selector.open()) {
			early.write(ByteBuffer.wrap(new byte[] { 1 }));
			queued.write(ByteBuffer.wrap(new byte[] { 2 }));

			posix.refuseNewcomers(listener.getLocalAddress());

			newcomer.configureBlocking(false);
			assertThat(newcomer.connect(listener.getLocalAddress())).isFalse();
			newcomer.register(selector, SelectionKey.OP_CONNECT);
			assertThat(selector.select(LONG_ENOUGH_MILLIS)).as("the newcomer gets no answer").isZero();

			assertThatTalks(early, served, 1);
			try (SocketChannel accepted = listener.accept()) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(queued.getLocalAddress());
				assertThatTalks(queued, accepted, 2);
			}
			listener.configureBlocking(false);
			assertThat(listener.accept()).as("nobody else is in the queue").isNull();

			listener.close();
			assertThat(selector.select(REPEATED_MILLIS)).as("the repeated SYN is answered").isEqualTo(1);
			assertThatExceptionOfType(ConnectException.class).isThrownBy(newcomer::finishConnect);
		}
	}

	@Test
	void whoTakesTheSocketOverLetsNewcomersInAgain() throws IOException {
		try (ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			int descriptor = Descriptors.listening(posix, listener.getLocalAddress());
			posix.acceptNewcomers(descriptor);
			posix.refuseNewcomers(listener.getLocalAddress());
			posix.acceptNewcomers(descriptor);
			try (SocketChannel newcomer = SocketChannel.open(listener.getLocalAddress());
					SocketChannel accepted = listener.accept()) {
				newcomer.write(ByteBuffer.wrap(new byte[] { 1 }));
				assertThat(read(accepted)).isEqualTo(1);
			}
		}
	}

	@Test
	void aListenerThatIsNotThisProcesssIsRefused() {
		InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
		assertThatIOException().isThrownBy(() -> posix.refuseNewcomers(nobody));
	}

	/** What was sent before arrives, and what is sent now as well, both ways. */
	private static void assertThatTalks(SocketChannel client, SocketChannel server, int sentBefore) throws IOException {
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
