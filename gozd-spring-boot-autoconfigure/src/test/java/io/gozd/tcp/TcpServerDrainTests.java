package io.gozd.tcp;

import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.gozd.tcp.Conversation.echoed;
import static io.gozd.tcp.Conversation.receive;
import static io.gozd.tcp.Conversation.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

final class TcpServerDrainTests {

	@RegisterExtension
	private final CapturedLog log = new CapturedLog();

	private final List<TcpConnection> connections = new CopyOnWriteArrayList<>();

	private final AtomicInteger told = new AtomicInteger();

	private ServedDirective served;

	@BeforeEach
	void serve() throws Exception {
		this.served = ServedDirective.tcp((connection) -> {
			this.connections.add(connection);
			Conversation.echo(connection);
		});
	}

	@AfterEach
	void close() {
		this.served.close();
	}

	@Test
	void whatWaitsForADrainIsDoneOnceWhenItBegins() throws Exception {
		try (SocketChannel client = connect()) {
			this.connections.get(0).onDrain(() -> write("bye"));
			assertThat(this.connections.get(0).isDraining()).isFalse();
			assertThat(echoed(client, "x")).isEqualTo("x");
			draining(true);
			assertThat(this.connections.get(0).isDraining()).isTrue();
			assertThat(receive(client, 3)).isEqualTo("bye");
			draining(true);
			draining(false);
			assertThat(this.connections.get(0).isDraining()).isFalse();
			draining(true);
			assertThat(echoed(client, "nothing else")).isEqualTo("nothing else");
		}
	}

	@Test
	void duringADrainItIsDoneAtOnceByAnotherThread() throws Exception {
		try (SocketChannel client = connect()) {
			draining(true);
			Thread caller = Thread.currentThread();
			this.connections.get(0).onDrain(() -> write((Thread.currentThread() == caller) ? "same" : "else"));
			assertThat(receive(client, 4)).isEqualTo("else");
		}
	}

	@Test
	void aConnectionThatIsAcceptedDuringADrainIsToldToo() throws Exception {
		draining(true);
		try (SocketChannel client = connect()) {
			assertThat(this.connections.get(0).isDraining()).isTrue();
			this.connections.get(0).onDrain(() -> write("bye"));
			assertThat(receive(client, 3)).isEqualTo("bye");
		}
	}

	@Test
	void aDrainThatWasCancelledTellsNobody() throws Exception {
		draining(true);
		draining(false);
		try (SocketChannel client = connect()) {
			this.connections.get(0).onDrain(this.told::incrementAndGet);
			assertThat(echoed(client, "x")).isEqualTo("x");
			assertThat(this.told).hasValue(0);
			draining(true);
			await().until(() -> this.told.get() == 1);
		}
	}

	@Test
	void slowOnesAndFaultyOnesDoNotKeepOthersFromBeingTold() throws Exception {
		CountDownLatch goOn = new CountDownLatch(1);
		try (SocketChannel slow = connect(); SocketChannel faulty = connect(); SocketChannel last = connect()) {
			this.connections.get(0).onDrain(() -> awaitUninterruptibly(goOn));
			this.connections.get(1).onDrain(() -> {
				throw new IllegalStateException("fault");
			});
			this.connections.get(2).onDrain(this.told::incrementAndGet);
			this.connections.get(2).onDrain(this.told::incrementAndGet);
			draining(true);
			await().until(() -> this.told.get() == 2);
			await().until(() -> this.log.messages(Level.ERROR).size() == 1);
			assertThat(this.log.messages(Level.ERROR).get(0)).contains("gozd.directives.test");
			assertThat(echoed(slow, "x") + echoed(faulty, "y") + echoed(last, "z")).isEqualTo("xyz");
		}
		finally {
			goOn.countDown();
		}
	}

	@Test
	void whatHasEndedIsNotTold() throws Exception {
		try (SocketChannel client = connect()) {
			this.connections.get(0).onDrain(this.told::incrementAndGet);
			send(client, "x");
		}
		await().until(() -> this.served.server().openConnections() == 0);
		try (SocketChannel client = connect()) {
			draining(true);
			this.connections.get(0).onDrain(this.told::incrementAndGet);
			this.connections.get(1).onDrain(() -> write("bye"));
			assertThat(receive(client, 3)).isEqualTo("bye");
		}
		assertThat(this.told).hasValue(0);
	}

	/** When the drain begins may fall anywhere in the handler: nobody misses it. */
	@Test
	void nobodyMissesTheBeginningOfADrain() throws Exception {
		this.served.close();
		for (int i = 0; i < 50; i++) {
			CountDownLatch begun = new CountDownLatch(1);
			try (ServedDirective other = ServedDirective.tcp((connection) -> {
				begun.countDown();
				connection.onDrain(connection.outputStream()::hashCode);
				CountDownLatch drains = new CountDownLatch(1);
				connection.onDrain(drains::countDown);
				drains.await();
				connection.outputStream().write('d');
			}); SocketChannel client = other.connect()) {
				begun.await();
				other.server().draining(true);
				assertThat(receive(client, 1)).isEqualTo("d");
			}
		}
	}

	private void draining(boolean draining) {
		this.served.server().draining(draining);
	}

	private SocketChannel connect() throws Exception {
		int before = this.connections.size();
		SocketChannel client = this.served.connect();
		await().until(() -> this.connections.size() > before);
		return client;
	}

	private void write(String text) {
		try {
			this.connections.get(this.connections.size() - 1).outputStream().write(text.getBytes());
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
