package io.gozd.listener;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import io.gozd.posix.Descriptors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class GatedAcceptorTests {

	private static final int CLIENTS = 4;

	private static final int CONNECTS = 500;

	private static final int TURNS = 20;

	private Set<Integer> before;

	private SharedListener listener;

	private GatedAcceptor acceptor;

	@BeforeEach
	void open() throws IOException {
		SharedListener.open().close();
		this.before = Descriptors.sockets();
		this.listener = SharedListener.open();
		this.acceptor = new GatedAcceptor(this.listener.incumbent());
	}

	@AfterEach
	void nothingLeaks() throws IOException {
		this.acceptor.close();
		this.listener.close();
		assertThat(Descriptors.socketsSince(this.before)).isEmpty();
	}

	@Test
	void whatIsAcceptedIsCountedForEver() throws IOException {
		this.acceptor.open();
		for (int i = 1; i <= 2; i++) {
			try (SocketChannel client = this.listener.connect(); SocketChannel accepted = this.acceptor.accept()) {
				this.acceptor.delivered();
				assertThat(accepted.isOpen()).isTrue();
				assertThat(this.acceptor.accepted()).isEqualTo(i);
			}
		}
	}

	@Test
	void behindAShutGateNothingIsAcceptedSoTheOtherProcessCan() throws IOException {
		try (AcceptingThread server = serve('A'); SocketChannel client = this.listener.connect()) {
			Awaitility.await().until(() -> server.isBlockedIn("awaitUninterruptibly"));
			try (SocketChannel accepted = this.listener.successor().channel().accept()) {
				assertThat(accepted).isNotNull();
				assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			}
			assertThat(server.served()).isZero();
		}
	}

	@Test
	void anOpenedGateLetsTheWaitingThreadAccept() throws IOException {
		try (AcceptingThread server = serve('A'); SocketChannel client = this.listener.connect()) {
			Awaitility.await().until(() -> server.isBlockedIn("awaitUninterruptibly"));
			this.acceptor.open();
			assertThat(answer(client)).isEqualTo('A');
		}
	}

	@Test
	void aGateThatIsShutAgainStopsAThreadThatWaitsForConnections() throws IOException {
		try (AcceptingThread server = serve('A')) {
			this.acceptor.open();
			Awaitility.await().until(() -> server.isBlockedIn("select"));
			this.acceptor.shut();
			try (SocketChannel client = this.listener.connect()) {
				Awaitility.await().until(() -> server.isBlockedIn("awaitUninterruptibly"));
				try (SocketChannel accepted = this.listener.successor().channel().accept()) {
					assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
				}
			}
		}
	}

	@Test
	void aConnectionCountsUntilItIsDelivered() throws IOException {
		this.acceptor.open();
		try (SocketChannel client = this.listener.connect(); SocketChannel accepted = this.acceptor.accept()) {
			assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			assertThat(this.acceptor.undelivered()).isEqualTo(1);
			this.acceptor.delivered();
			assertThat(this.acceptor.undelivered()).isZero();
		}
	}

	@Test
	void theGateShutsOnAnEmptyQueue() throws IOException {
		try (AcceptingThread server = serve('A')) {
			this.acceptor.open();
			assertThat(this.acceptor.shutIfQueueIsEmpty()).isTrue();
			try (SocketChannel client = this.listener.connect()) {
				Awaitility.await().until(() -> server.isBlockedIn("awaitUninterruptibly"));
				this.acceptor.open();
				assertThat(answer(client)).isEqualTo('A');
			}
		}
	}

	@Test
	void theGateOpensForWhatIsInTheQueueAndGivesBackWhatItTook() throws IOException {
		try (SocketChannel first = this.listener.connect(); SocketChannel second = this.listener.connect()) {
			assertThat(this.acceptor.shutIfQueueIsEmpty()).isFalse();
			assertThat(this.acceptor.undelivered()).as("the connection that was taken").isEqualTo(1);
			assertThat(this.acceptor.shutIfQueueIsEmpty()).as("it is still there").isFalse();
			assertThat(this.acceptor.undelivered()).isEqualTo(1);
			try (SocketChannel one = this.acceptor.accept(); SocketChannel two = this.acceptor.accept()) {
				assertThat(one.getRemoteAddress()).isEqualTo(first.getLocalAddress());
				assertThat(two.getRemoteAddress()).isEqualTo(second.getLocalAddress());
				assertThat(this.acceptor.undelivered()).isEqualTo(2);
			}
			assertThat(this.acceptor.shutIfQueueIsEmpty()).isTrue();
		}
	}

	/**
	 * Which of the two takes the connection from the kernel is a race: often repeated.
	 */
	@Test
	void aThreadThatSleepsIsWokenForWhatWasTaken() throws IOException {
		try (AcceptingThread server = serve('A')) {
			this.acceptor.open();
			for (int i = 0; i < 200; i++) {
				Awaitility.await().pollDelay(Duration.ZERO).until(() -> server.isBlockedIn("select"));
				try (SocketChannel client = this.listener.connect()) {
					this.acceptor.shutIfQueueIsEmpty();
					this.acceptor.open();
					assertThat(answer(client)).isEqualTo('A');
				}
			}
		}
	}

	@Test
	void closeEndsAThreadThatWaitsForTheGate() throws IOException {
		AcceptingThread server = serve('A');
		Awaitility.await().until(() -> server.isBlockedIn("awaitUninterruptibly"));
		this.acceptor.close();
		Awaitility.await().until(server::hasEnded);
	}

	@Test
	void closeEndsAThreadThatWaitsForConnections() throws IOException {
		AcceptingThread server = serve('A');
		this.acceptor.open();
		Awaitility.await().until(() -> server.isBlockedIn("select"));
		this.acceptor.close();
		Awaitility.await().until(server::hasEnded);
	}

	@Test
	void closeLeavesTheQueueToTheOtherProcess() throws IOException {
		try (SocketChannel client = this.listener.connect()) {
			this.acceptor.close();
			try (SocketChannel accepted = this.listener.successor().channel().accept()) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
			}
		}
	}

	@Test
	void whenTheLastProcessClosesThePortIsRefused() throws IOException {
		this.listener.successor().channel().close();
		this.acceptor.close();
		assertThatIOException().isThrownBy(() -> this.listener.connect().close());
	}

	@Test
	void closeClosesWhatWasTakenAndNotGivenBack() throws IOException {
		try (SocketChannel client = this.listener.connect()) {
			assertThat(this.acceptor.shutIfQueueIsEmpty()).isFalse();
			this.acceptor.close();
			assertThat(this.acceptor.undelivered()).isZero();
			assertThat(client.read(ByteBuffer.allocate(1))).as("the end of the stream").isEqualTo(-1);
		}
	}

	@Test
	void afterCloseNothingIsAccepted() throws IOException {
		this.acceptor.close();
		this.acceptor.close();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(this.acceptor::accept);
		this.acceptor.open();
		assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(this.acceptor::accept);
	}

	/**
	 * What a handover rests on: however often the gates change, each connection is
	 * accepted by one of the two, and by nobody whose gate is shut.
	 */
	@Test
	void everyConnectionIsAcceptedByExactlyOneOfTwoThatTakeTurns() throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try (AcceptingThread a = serve('A');
				AcceptingThread b = new AcceptingThread(new GatedAcceptor(this.listener.successor()), 'B')) {
			AtomicInteger answeredByA = new AtomicInteger();
			AtomicInteger answeredByB = new AtomicInteger();
			AtomicInteger turns = new AtomicInteger();
			AtomicInteger connects = new AtomicInteger();
			a.acceptor().open();
			List<Future<Void>> running = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				running.add(clients.submit(client(turns, connects, answeredByA, answeredByB)));
			}
			AcceptingThread on = a;
			AcceptingThread off = b;
			while (running.stream().anyMatch((future) -> !future.isDone())) {
				off.acceptor().open();
				on.acceptor().shut();
				AcceptingThread stopped = on;
				Awaitility.await()
					.pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.until(() -> stopped.acceptor().undelivered() == 0);
				int servedWhenShut = stopped.served();
				int target = off.served() + 20;
				while (off.served() < target && running.stream().anyMatch((future) -> !future.isDone())) {
					Thread.onSpinWait();
				}
				assertThat(stopped.served()).as("accepted behind a shut gate").isEqualTo(servedWhenShut);
				on = off;
				off = stopped;
				turns.incrementAndGet();
			}
			for (Future<Void> future : running) {
				future.get();
			}
			assertThat(turns).hasValueGreaterThanOrEqualTo(TURNS);
			assertThat(connects).hasValueGreaterThanOrEqualTo(CLIENTS * CONNECTS);
			assertThat(answeredByA.get() + answeredByB.get()).isEqualTo(connects.get());
			Awaitility.await().until(() -> a.served() == answeredByA.get() && b.served() == answeredByB.get());
			assertThat(answeredByA).hasPositiveValue();
			assertThat(answeredByB).hasPositiveValue();
		}
		finally {
			clients.shutdownNow();
		}
	}

	private Callable<Void> client(AtomicInteger turns, AtomicInteger connects, AtomicInteger answeredByA,
			AtomicInteger answeredByB) {
		return () -> {
			for (int i = 0; i < CONNECTS || turns.get() < TURNS; i++) {
				connects.incrementAndGet();
				try (SocketChannel client = this.listener.connect()) {
					char answer = answer(client);
					((answer == 'A') ? answeredByA : answeredByB).incrementAndGet();
				}
			}
			return null;
		};
	}

	private AcceptingThread serve(char name) {
		return new AcceptingThread(this.acceptor, name);
	}

	/** The only byte that comes. */
	private static char answer(SocketChannel client) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(2);
		assertThat(client.read(buffer)).isEqualTo(1);
		assertThat(client.read(buffer)).isEqualTo(-1);
		return (char) buffer.get(0);
	}

}
