package io.gozd.listener;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.gozd.posix.Clients;
import io.gozd.posix.DatagramSocketFile;
import io.gozd.posix.Descriptors;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

@Timeout(60)
final class UnixListenersTests {

	private static final Posix posix = NativePosix.get();

	private static final int CLIENTS = 3;

	@TempDir
	private Path directory;

	private final List<Listener> bound = new ArrayList<>();

	@AfterEach
	void close() throws IOException {
		for (Listener listener : this.bound) {
			listener.channel().close();
		}
	}

	@Test
	void clientsFindItAtItsPlaceAndNothingIsLeftBesideIt() throws IOException {
		Path path = this.directory.resolve("web.sock");
		Listener listener = bind(path, "rw-rw----");
		assertThat(listener.address()).isEqualTo(UnixDomainSocketAddress.of(path));
		assertThat(listener.key()).hasToString("unix:" + path);
		assertThat(listener.backlog()).isEqualTo(SomeDirective.BACKLOG);
		assertThat(listener.channel().isBlocking()).isFalse();
		assertThat(listener.file()).isEqualTo(SocketFile.of(path));
		assertAccepts(listener, path);
		assertThat(this.directory).isDirectoryNotContaining((other) -> !other.equals(path));
	}

	@Test
	void itsNameIsWhatTheKernelKnows() throws IOException {
		Listener listener = bind(this.directory.resolve("web.sock"), "rw-rw-rw-");
		assertThat(listener.name()).isNotEqualTo(listener.address()).isEqualTo(listener.channel().getLocalAddress());
		assertThat(Descriptors.target(Descriptors.listening(posix, listener.name()))).startsWith("socket:");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rw-rw-rw-", "rw-------", "rwxrwxrwx", "---------" })
	void hasTheModeThatIsAskedForWhateverTheUmask(String mode) throws IOException {
		Path path = this.directory.resolve("web.sock");
		bind(path, mode);
		assertThat(mode(path)).isEqualTo(mode);
	}

	/** Somebody looks all the time: no other mode, and no gap, is ever seen. */
	@Test
	void theModeIsRightFromTheBeginningAndAStaleSocketIsReplacedWithoutAGap() throws Exception {
		Path path = this.directory.resolve("web.sock");
		bind(path, "rw--w--w-").channel().close();
		Set<String> seen = ConcurrentHashMap.newKeySet();
		Thread watcher = new Thread(() -> {
			while (!Thread.currentThread().isInterrupted()) {
				seen.add(modeOrAbsence(path));
			}
		});
		watcher.start();
		try {
			for (int i = 0; i < 300; i++) {
				bind(path, "rw--w--w-").channel().close();
			}
		}
		finally {
			watcher.interrupt();
			watcher.join();
		}
		assertThat(seen).containsExactly("rw--w--w-");
	}

	@Test
	void aStaleSocketIsReplaced() throws IOException {
		Path path = this.directory.resolve("web.sock");
		listen(path, 50).close();
		SocketFile stale = SocketFile.of(path);
		Listener listener = bind(path, "rw-rw-rw-");
		assertThat(listener.file()).isNotEqualTo(stale);
		assertAccepts(listener, path);
	}

	@Test
	void aSocketSomebodyListensOnIsLeftToHim() throws IOException {
		Path path = this.directory.resolve("web.sock");
		try (ServerSocketChannel other = listen(path, 50)) {
			SocketFile file = SocketFile.of(path);
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(path, "rw-rw-rw-"));
			assertThat(file.isInPlace()).isTrue();
			other.accept().close();
			assertThat(list()).containsExactly(path);
		}
	}

	@Test
	void aSocketWhoseQueueIsFullIsNotStale() throws IOException {
		Path path = this.directory.resolve("web.sock");
		try (ServerSocketChannel other = listen(path, 1); Clients clients = new Clients(path)) {
			assertThat(clients.connectUntilTheQueueIsFull()).isPositive();
			SocketFile file = SocketFile.of(path);
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(path, "rw-rw-rw-"));
			assertThat(file.isInPlace()).isTrue();
			assertThat(other.isOpen()).isTrue();
		}
	}

	@Test
	void aSocketOfAnotherKindIsNotStale() throws IOException {
		Path path = this.directory.resolve("log");
		DatagramSocketFile other = new DatagramSocketFile(path);
		try (other) {
			assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(path, "rw-rw-rw-"));
			assertThat(SocketFile.isSocket(path)).isTrue();
		}
		assertAccepts(bind(path, "rw-rw-rw-"), path);
	}

	@ParameterizedTest
	@ValueSource(strings = { "file", "directory", "link to a socket", "link to nothing" })
	void aForeignFileIsAnErrorAndStays(String kind) throws IOException {
		Path path = this.directory.resolve("web.sock");
		Path target = this.directory.resolve("target");
		switch (kind) {
			case "file" -> Files.writeString(path, "foreign");
			case "directory" -> Files.createDirectory(path);
			case "link to a socket" -> {
				listen(target, 50).close();
				Files.createSymbolicLink(path, target);
			}
			default -> Files.createSymbolicLink(path, target);
		}
		SocketFile before = SocketFile.of(path);
		List<Path> files = list();
		assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> bind(path, "rw-rw-rw-"))
			.withMessageContaining(path.toString())
			.withMessageContaining("no socket");
		assertThat(before.isInPlace()).isTrue();
		assertThat(list()).isEqualTo(files);
	}

	@Test
	void aDirectoryThatIsMissingIsSaidAndNotMade() {
		Path missing = this.directory.resolve("missing");
		assertThatExceptionOfType(NoSuchFileException.class)
			.isThrownBy(() -> bind(missing.resolve("web.sock"), "rw-rw-rw-"))
			.withMessageContaining("missing");
		assertThat(missing).doesNotExist();
	}

	/** As a drain ends it: every client is either served or refused, and none hangs. */
	@Test
	void whoIsConnectedWhenItEndsIsServedAndWhoComesLaterIsRefused() throws Exception {
		Path path = this.directory.resolve("web.sock");
		Listener listener = bind(path, "rw-rw-rw-");
		AtomicInteger answered = new AtomicInteger();
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try (AcceptingThread server = new AcceptingThread(new GatedAcceptor(listener), 'A')) {
			server.acceptor().open();
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				running.add(clients.submit(() -> connectUntilRefused(path, answered)));
			}
			await().until(() -> answered.get() > 100);
			posix.refuseNewcomers(listener.name());
			for (Future<?> future : running) {
				future.get(30, TimeUnit.SECONDS);
			}
			await().until(() -> server.acceptor().shutIfQueueIsEmpty() && server.acceptor().undelivered() == 0);
			assertThat(server.served()).isEqualTo(answered.get());
		}
		finally {
			clients.shutdownNow();
		}
	}

	private static Void connectUntilRefused(Path path, AtomicInteger answered) throws IOException {
		while (true) {
			try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
				assertThat(client.read(ByteBuffer.allocate(1))).as("an answer").isEqualTo(1);
				answered.incrementAndGet();
			}
			catch (ConnectException ex) {
				return null;
			}
		}
	}

	/** The longest that the kernel takes; on the way there the path is longer. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 9, 60 })
	void aPathOf107BytesIsListenedOnWhateverItsNamesAre(int nameLength) throws IOException {
		assertListensAndReplaces(pathOf(107, nameLength));
	}

	@ParameterizedTest
	@ValueSource(ints = { 78, 79, 80, 81, 82, 83, 84, 90, 105, 106 })
	void aPathThatIsTooLongOnlyOnTheWayIsListenedOn(int length) throws IOException {
		assertListensAndReplaces(pathOf(length, 8));
	}

	@Test
	void aPathThatIsRelativeIsMeantFromHere() throws IOException {
		Path name = Path.of("gozd-" + UUID.randomUUID());
		try {
			assertAccepts(bind(name, "rw-rw-rw-"), name);
		}
		finally {
			Files.delete(name);
		}
	}

	private void assertListensAndReplaces(Path path) throws IOException {
		Listener first = bind(path, "rw-rw----");
		assertAccepts(first, path);
		assertThat(mode(path)).isEqualTo("rw-rw----");
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bind(path, "rw-rw----"));
		first.channel().close();
		Listener second = bind(path, "rw-rw----");
		assertAccepts(second, path);
		assertThat(Descriptors.target(Descriptors.listening(posix, second.name()))).startsWith("socket:");
		assertThat(path.getParent()).isDirectoryNotContaining((other) -> !other.equals(path));
	}

	/** A path of so many bytes, with a name of so many. */
	private Path pathOf(int length, int nameLength) throws IOException {
		int used = this.directory.toString().length() + 2 + nameLength;
		Path parent = Files.createDirectory(this.directory.resolve("d".repeat(length - used)));
		Path path = parent.resolve("n".repeat(nameLength));
		assertThat(path.toString()).hasSize(length);
		return path;
	}

	/** Natively: the JDK does not connect to the longest path. */
	private void assertAccepts(Listener listener, Path path) throws IOException {
		while (true) {
			SocketChannel asked = listener.channel().accept();
			if (asked == null) {
				break;
			}
			asked.close();
		}
		posix.connect(path).close();
		try (SocketChannel accepted = listener.channel().accept()) {
			assertThat(accepted).isNotNull();
		}
	}

	private Listener bind(Path path, String mode) throws IOException {
		UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
		Listener listener = UnixListeners.bind(ListenerKey.of("web", address), address, SomeDirective.mode(mode),
				SomeDirective.BACKLOG, null);
		this.bound.add(listener);
		return listener;
	}

	private static ServerSocketChannel listen(Path path, int backlog) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path), backlog);
	}

	private List<Path> list() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			return files.sorted().toList();
		}
	}

	private static String mode(Path path) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
	}

	private static String modeOrAbsence(Path path) {
		try {
			return mode(path);
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

}
