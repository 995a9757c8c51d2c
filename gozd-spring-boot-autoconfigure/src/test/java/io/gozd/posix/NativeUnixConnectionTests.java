package io.gozd.posix;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Two ends of a Unix socket in this process, on the real kernel.
 */
@Timeout(20)
final class NativeUnixConnectionTests {

	private static final Posix posix = NativePosix.get();

	private static final int DEADLINE_MILLIS = 10_000;

	@TempDir
	private Path directory;

	private Set<Integer> before;

	private ServerSocketChannel listener;

	private UnixConnection client;

	private UnixConnection server;

	@BeforeEach
	void connect() throws IOException {
		ServerSocketChannel.open().close();
		this.before = Descriptors.sockets();
		Path path = this.directory.resolve("s");
		this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path));
		this.client = posix.connect(path);
		this.server = posix.accept(this.listener);
		this.client.readTimeout(DEADLINE_MILLIS);
		this.server.readTimeout(DEADLINE_MILLIS);
	}

	@AfterEach
	void nothingLeaks() throws IOException {
		this.client.close();
		this.server.close();
		this.listener.close();
		assertThat(Descriptors.socketsSince(this.before)).as("sockets that are open").isEmpty();
	}

	@Test
	void bytesArriveInBothDirections() throws IOException {
		this.client.send(bytes("hello"), List.of());
		assertThat(receive(this.server, new ArrayList<>())).isEqualTo("hello");
		this.server.send(bytes("you"), List.of());
		assertThat(receive(this.client, new ArrayList<>())).isEqualTo("you");
	}

	@Test
	void bothEndsKnowWhoTheOtherIs() throws IOException {
		long user = ProcessFile.self().effectiveUser();
		for (UnixConnection end : List.of(this.client, this.server)) {
			assertThat(end.peer().pid()).isEqualTo(ProcessHandle.current().pid());
			assertThat(end.peer().uid()).isEqualTo(user);
			assertThat(end.peer().gid()).isNotNegative();
		}
	}

	@Test
	void sixHundredDescriptorsArriveInPieces() throws IOException {
		int fd = Descriptors.listening(posix, this.listener.getLocalAddress());
		List<Integer> received = new ArrayList<>();
		for (int count : new int[] { UnixConnection.MAX_DESCRIPTORS, UnixConnection.MAX_DESCRIPTORS, 94 }) {
			this.client.send(bytes("piece of " + count), Collections.nCopies(count, fd));
		}
		StringBuilder text = new StringBuilder();
		while (received.size() < 600) {
			text.append(receive(this.server, received));
		}
		assertThat(text).hasToString("piece of 253piece of 253piece of 94");
		assertThat(received).hasSize(600).doesNotHaveDuplicates().doesNotContain(fd);
		for (int copy : received) {
			assertThat(Descriptors.target(copy)).isEqualTo(Descriptors.target(fd));
			assertThat(Descriptors.isCloseOnExec(copy)).isTrue();
			posix.close(copy);
		}
	}

	@Test
	void moreThanTheKernelTakesAtOnceIsRefusedAndTheDescriptorsStayOpen() throws IOException {
		int fd = Descriptors.listening(posix, this.listener.getLocalAddress());
		List<Integer> tooMany = Collections.nCopies(UnixConnection.MAX_DESCRIPTORS + 1, fd);
		assertThatIOException().isThrownBy(() -> this.client.send(bytes("x"), tooMany))
			.withMessageContaining("sendmsg");
		assertThat(Descriptors.target(fd)).startsWith("socket:");
	}

	@Test
	void descriptorsThatNobodyReadsAreClosedByTheKernel() throws IOException {
		int fd = Descriptors.listening(posix, this.listener.getLocalAddress());
		this.client.send(bytes("x"), Collections.nCopies(100, fd));
		this.server.close();
		assertThat(Descriptors.socketsSince(this.before)).hasSize(2);
	}

	@Test
	void aLongMessageArrivesWholeWhileTheReaderIsSlow() throws IOException {
		byte[] sent = new byte[3_000_000];
		new Random(1).nextBytes(sent);
		CompletableFuture<Void> sender = inThread(() -> this.client.send(ByteBuffer.wrap(sent), List.of()));
		ByteBuffer received = ByteBuffer.allocate(sent.length);
		while (received.hasRemaining()) {
			assertThat(this.server.receive(received, new ArrayList<>())).isPositive();
		}
		sender.join();
		assertThat(received.array()).isEqualTo(sent);
	}

	@Test
	void theEndOfThePeerIsTheEndOfTheStream() throws IOException {
		this.client.send(bytes("last words"), List.of());
		this.client.close();
		assertThat(receive(this.server, new ArrayList<>())).isEqualTo("last words");
		assertThat(this.server.receive(ByteBuffer.allocate(10), new ArrayList<>())).isEqualTo(-1);
	}

	@Test
	void whatAPeerThatIsGoneCanNotReadFailsWithoutASignal() {
		this.server.close();
		assertThatIOException().isThrownBy(() -> this.client.send(bytes("hello?"), List.of()))
			.withMessageContaining("Broken pipe");
	}

	@Test
	void aSilentPeerIsWaitedForInBounds() throws IOException {
		this.client.readTimeout(50);
		long begin = System.nanoTime();
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.client.receive(ByteBuffer.allocate(10), new ArrayList<>()));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(40),
				Duration.ofMillis(DEADLINE_MILLIS / 2));
		this.server.send(bytes("late"), List.of());
		assertThat(receive(this.client, new ArrayList<>())).isEqualTo("late");
	}

	@Test
	void aPeerThatDoesNotReadIsWaitedForInBoundsWithoutBeingAsked() throws IOException {
		this.client.readTimeout(0);
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> this.client.send(ByteBuffer.allocate(10_000_000), List.of()));
	}

	@Test
	void closeWakesWhoReads() {
		assertThatCloseWakes(() -> {
			this.client.readTimeout(0);
			assertThat(this.client.receive(ByteBuffer.allocate(10), new ArrayList<>())).isEqualTo(-1);
		}, "recvmsg");
	}

	@Test
	void closeWakesWhoWrites() {
		assertThatCloseWakes(() -> {
			this.client.readTimeout(0);
			assertThatIOException().isThrownBy(() -> this.client.send(ByteBuffer.allocate(10_000_000), List.of()));
		}, "sendmsg");
	}

	@Test
	void afterCloseEverythingFailsAndTheNumberIsNotTouchedAgain() throws IOException {
		this.client.close();
		this.client.close();
		try (ServerSocketChannel other = ServerSocketChannel.open().bind(null)) {
			assertThatIOException().isThrownBy(() -> this.client.send(bytes("x"), List.of()))
				.withMessageContaining("closed");
			assertThatIOException().isThrownBy(() -> this.client.receive(ByteBuffer.allocate(1), new ArrayList<>()))
				.withMessageContaining("closed");
			assertThatIOException().isThrownBy(() -> this.client.readTimeout(1)).withMessageContaining("closed");
			assertThatIOException().isThrownBy(this.client::peer).withMessageContaining("closed");
			this.client.close();
			assertThat(Descriptors.listening(posix, other.getLocalAddress())).isPositive();
		}
	}

	@Test
	void nobodyAtAPathIsSaid() {
		Path nobody = this.directory.resolve("nobody");
		assertThatIOException().isThrownBy(() -> posix.connect(nobody)).withMessageContaining(nobody.toString());
	}

	@Test
	void aPathThatIsTooLongIsSaid() {
		Path tooLong = this.directory.resolve("x".repeat(108));
		assertThatIOException().isThrownBy(() -> posix.connect(tooLong)).withMessageContaining("at most 107 bytes");
	}

	private void assertThatCloseWakes(Action action, String call) {
		List<Thread> threads = new ArrayList<>();
		CompletableFuture<Void> blocked = inThread(() -> {
			synchronized (threads) {
				threads.add(Thread.currentThread());
			}
			action.run();
		});
		Awaitility.await().until(() -> {
			synchronized (threads) {
				return !threads.isEmpty() && isIn(threads.get(0), call);
			}
		});
		this.client.close();
		blocked.join();
	}

	private static boolean isIn(Thread thread, String method) {
		return Stream.of(thread.getStackTrace()).anyMatch((frame) -> frame.getMethodName().contains(method));
	}

	private static CompletableFuture<Void> inThread(Action action) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				action.run();
				done.complete(null);
			}
			catch (Throwable ex) {
				done.completeExceptionally(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		return done;
	}

	private static String receive(UnixConnection from, List<Integer> descriptors) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(100);
		assertThat(from.receive(buffer, descriptors)).isEqualTo(buffer.position());
		return new String(buffer.array(), 0, buffer.position());
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes());
	}

	private interface Action {

		void run() throws IOException;

	}

}
