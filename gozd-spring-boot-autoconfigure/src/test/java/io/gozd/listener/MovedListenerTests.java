package io.gozd.listener;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.gozd.posix.Descriptors;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A listener that a reload moves to an overlapping address, while clients come all the
 * time: the incumbent serves them, then the successor, and nobody is refused.
 */
@Timeout(120)
final class MovedListenerTests {

	private static final Posix posix = NativePosix.get();

	private static final int CLIENTS = 3;

	private final AtomicInteger answeredByIncumbent = new AtomicInteger();

	private final AtomicInteger answeredBySuccessor = new AtomicInteger();

	private Set<Integer> sockets;

	@BeforeEach
	void count() throws IOException {
		SharedListener.open().close();
		this.sockets = Descriptors.sockets();
	}

	@AfterEach
	void nothingLeaks() throws IOException {
		assertThat(Descriptors.sockets()).isSubsetOf(this.sockets);
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, 0.0.0.0", "0.0.0.0, 127.0.0.1", "::1, ::", "::, ::1" })
	void nobodyIsRefusedWhenAListenerMoves(String from, String to) throws Exception {
		Listener old = new ListenerTable(NativePosix::get, List::of)
			.claim(SomeDirective.tcp("web", new InetSocketAddress(InetAddress.getByName(from), 0)));
		int port = ((InetSocketAddress) old.address()).getPort();
		InetSocketAddress where = new InetSocketAddress(InetAddress.getByName(from.contains(":") ? "::1" : "127.0.0.1"),
				port);
		ListenerTable table = new ListenerTable(NativePosix::get, () -> List.of(inherited(old)));
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		AtomicBoolean enough = new AtomicBoolean();
		try (AcceptingThread incumbent = new AcceptingThread(new GatedAcceptor(old), 'I')) {
			incumbent.acceptor().open();
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				running.add(clients.submit(() -> connectUntil(enough, where)));
			}
			await().until(() -> this.answeredByIncumbent.get() > 100);
			Listener moved = table
				.claim(SomeDirective.tcp("web", new InetSocketAddress(InetAddress.getByName(to), port)));
			try (AcceptingThread successor = new AcceptingThread(new GatedAcceptor(moved), 'S')) {
				int before = this.answeredByIncumbent.get();
				await().until(() -> this.answeredByIncumbent.get() > before + 100);
				assertThat(this.answeredBySuccessor).as("answered before it listens").hasValue(0);
				table.listen();
				successor.acceptor().open();
				table.settle();
				close(incumbent.acceptor());
				await().until(() -> this.answeredBySuccessor.get() > 100);
				enough.set(true);
				for (Future<?> future : running) {
					future.get(30, TimeUnit.SECONDS);
				}
				await().until(() -> incumbent.served() == this.answeredByIncumbent.get());
				await().until(() -> successor.served() == this.answeredBySuccessor.get());
			}
		}
		finally {
			enough.set(true);
			clients.shutdown();
			assertThat(clients.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	/** As a drain does it. */
	private static void close(GatedAcceptor acceptor) throws IOException {
		posix.refuseNewcomers(acceptor.listener().name());
		await().pollInterval(Duration.ofMillis(20))
			.during(Duration.ofMillis(100))
			.until(() -> acceptor.shutIfQueueIsEmpty() && acceptor.undelivered() == 0);
		acceptor.close();
	}

	private Void connectUntil(AtomicBoolean enough, InetSocketAddress where) throws IOException {
		while (!enough.get()) {
			try (SocketChannel client = SocketChannel.open(where)) {
				ByteBuffer answer = ByteBuffer.allocate(1);
				assertThat(client.read(answer)).as("an answer").isEqualTo(1);
				((answer.get(0) == 'I') ? this.answeredByIncumbent : this.answeredBySuccessor).incrementAndGet();
			}
		}
		return null;
	}

	private static InheritedListener inherited(Listener listener) {
		try {
			int copy = posix.duplicate(Descriptors.listening(posix, listener.name()));
			return new InheritedListener(listener.key(), listener.address(), listener.name(), null, listener.backlog(),
					copy);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
