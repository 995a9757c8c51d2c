package io.gozd.tcp;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import ch.qos.logback.classic.Level;
import io.gozd.posix.Descriptors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static io.gozd.tcp.Conversation.echoed;
import static io.gozd.tcp.Conversation.isAtEnd;
import static io.gozd.tcp.Conversation.receive;
import static io.gozd.tcp.Conversation.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

final class TcpServerTests {

	private static final int CLIENTS = 8;

	private static final int CONNECTS = 100;

	@RegisterExtension
	private final CapturedLog log = new CapturedLog();

	private final CountDownLatch goOn = new CountDownLatch(1);

	private ServedDirective served;

	@AfterEach
	void close() {
		this.goOn.countDown();
		if (this.served != null) {
			this.served.close();
		}
	}

	@Test
	void everyConnectionIsServedAndNothingIsLeft() throws Exception {
		this.served = ServedDirective.tcp(CLIENTS / 2, Conversation::echo);
		try (SocketChannel client = this.served.connect()) {
			echoed(client, "warm");
		}
		await().until(() -> open() == 0);
		Set<Integer> before = Descriptors.sockets();
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<Integer>> results = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				results.add(clients.submit(() -> {
					for (int j = 0; j < CONNECTS; j++) {
						try (SocketChannel client = this.served.connect()) {
							assertThat(echoed(client, "text " + j)).isEqualTo("text " + j);
						}
					}
					return CONNECTS;
				}));
			}
			for (Future<Integer> result : results) {
				assertThat(result.get()).isEqualTo(CONNECTS);
			}
		}
		finally {
			clients.shutdownNow();
		}
		await().until(() -> open() == 0);
		assertThat(Descriptors.socketsSince(before)).isEmpty();
		assertThat(this.log.messages(Level.ERROR)).isEmpty();
	}

	@Test
	void aPeerThatSendsNoMoreCanStillBeAnswered() throws Exception {
		this.served = ServedDirective.tcp((connection) -> {
			String all = new String(connection.inputStream().readAllBytes());
			connection.outputStream().write(("got " + all).getBytes());
		});
		try (SocketChannel client = this.served.connect()) {
			send(client, "this");
			client.shutdownOutput();
			assertThat(receive(client, 8)).isEqualTo("got this");
			assertThat(isAtEnd(client)).isTrue();
		}
	}

	@Test
	void aConnectionIsClosedWhenItsHandlerReturns() throws Exception {
		this.served = ServedDirective.tcp((connection) -> connection.outputStream().write('x'));
		try (SocketChannel client = this.served.connect()) {
			assertThat(receive(client, 1)).isEqualTo("x");
			assertThat(isAtEnd(client)).isTrue();
		}
		await().until(() -> open() == 0);
	}

	@Test
	void aHandlerThatThrowsClosesItsConnectionAndIsLoggedOnce() throws Exception {
		this.served = ServedDirective.tcp(1, (connection) -> {
			if (connection.inputStream().read() == 'e') {
				throw new StackOverflowError("fault");
			}
			throw new IllegalStateException("fault");
		});
		for (String text : List.of("e", "x", "y")) {
			try (SocketChannel client = this.served.connect()) {
				send(client, text);
				assertThat(isAtEnd(client)).isTrue();
			}
		}
		await().until(() -> open() == 0);
		assertThat(this.log.messages(Level.ERROR)).hasSize(3)
			.allMatch((message) -> message.contains("failed on a connection of gozd.directives.test"));
	}

	@Test
	void aPeerThatGoesAwayIsNoFaultOfTheHandler() throws Exception {
		this.served = ServedDirective.tcp(Conversation::echo);
		try (SocketChannel client = this.served.connect()) {
			echoed(client, "x");
			client.setOption(StandardSocketOptions.SO_LINGER, 0);
		}
		await().until(() -> open() == 0);
		assertThat(this.log.messages(Level.INFO)).isEmpty();
		assertThat(this.log.messages(Level.DEBUG)).singleElement().asString().contains("gozd.directives.test");
	}

	@Test
	void connectionsBeyondTheMostWaitInTheQueue() throws Exception {
		this.served = ServedDirective.tcp(2, Conversation::echo);
		try (SocketChannel second = this.served.connect(); SocketChannel third = this.served.connect()) {
			try (SocketChannel first = this.served.connect()) {
				echoed(second, "x");
				echoed(third, "x");
				send(first, "waits");
				await().until(() -> this.log.messages(Level.WARN).size() == 1);
				assertThat(open()).isEqualTo(2);
				second.close();
				assertThat(receive(first, 5)).isEqualTo("waits");
				// One that is being handed to its handler counts twice for an instant.
				await().until(() -> open() == 2);
			}
		}
		await().until(() -> open() == 0);
	}

	@Test
	void stopsAtOnceWithTheMostConnectionsAndLeavesTheQueueToOthers() throws Exception {
		this.served = ServedDirective.tcp(1, Conversation::echo);
		try (SocketChannel first = this.served.connect(); SocketChannel second = this.served.connect()) {
			echoed(first, "x");
			this.served.server().stopAccepting();
			first.close();
			await().until(() -> open() == 0);
			try (SocketChannel accepted = this.served.listener().channel().accept()) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(second.getLocalAddress());
			}
		}
	}

	@Test
	void acceptsAgainAfterAStop() throws Exception {
		this.served = ServedDirective.tcp(Conversation::echo);
		this.served.server().stopAccepting();
		try (SocketChannel client = this.served.connect()) {
			send(client, "later");
			assertThat(open()).isZero();
			this.served.server().accept();
			assertThat(receive(client, 5)).isEqualTo("later");
		}
	}

	@Test
	void theQueueIsServedUntilItIsEmptyHoweverMuchIsOpen() throws Exception {
		this.served = ServedDirective.tcp(1, Conversation::echo);
		try (SocketChannel first = this.served.connect();
				SocketChannel second = this.served.connect();
				SocketChannel third = this.served.connect()) {
			echoed(first, "x");
			this.served.server().refuseNewcomers();
			assertThat(echoed(second, "second")).isEqualTo("second");
			assertThat(echoed(third, "third")).isEqualTo("third");
			assertThat(this.served.server().stopAcceptingIfQueueIsEmpty()).isTrue();
			this.served.server().closeListener();
			assertThat(echoed(first, "goes on")).isEqualTo("goes on");
			assertThat(open()).isEqualTo(3);
		}
		await().until(() -> open() == 0);
	}

	@Test
	void theQueueOfAUnixSocketIsServedUntilItIsEmptyToo(@TempDir Path directory) throws Exception {
		this.served = ServedDirective.unix(directory.resolve("test.sock"), Conversation::echo);
		this.served.server().stopAccepting();
		try (SocketChannel client = this.served.connect()) {
			this.served.server().refuseNewcomers();
			assertThatIOException().isThrownBy(this.served::connect);
			assertThat(this.served.server().stopAcceptingIfQueueIsEmpty()).isFalse();
			assertThat(echoed(client, "served")).isEqualTo("served");
			assertThat(this.served.server().stopAcceptingIfQueueIsEmpty()).isTrue();
		}
		assertThat(this.log.messages(Level.WARN)).isEmpty();
	}

	@Test
	void aClosedListenerRefusesAndIsNoListenerAnyMore() throws Exception {
		this.served = ServedDirective.tcp(Conversation::echo);
		assertThat(this.served.server().key()).isEqualTo(this.served.listener().key());
		assertThat(thread("tcp-test-acceptor").isDaemon()).as("it keeps the JVM alive").isFalse();
		this.served.server().closeListener();
		assertThat(this.served.server().key()).isNull();
		assertThat(this.served.server().lastKey()).isEqualTo(this.served.listener().key());
		assertThatIOException().isThrownBy(this.served::connect);
		assertThat(this.served.server().stopAcceptingIfQueueIsEmpty()).isTrue();
		this.served.server().refuseNewcomers();
		await().until(() -> thread("tcp-test-acceptor") == null);
	}

	@Test
	void aListenerIsClosedAlthoughThereIsNoRoom() throws Exception {
		this.served = ServedDirective.tcp(1, (connection) -> awaitGoOn());
		try (SocketChannel client = this.served.connect()) {
			await().until(() -> open() == 1);
			this.served.server().closeListener();
			await().until(() -> thread("tcp-test-acceptor") == null);
			assertThat(client.isConnected()).isTrue();
		}
	}

	@Test
	void aConnectionCountsUntilItsHandlerHasReturned() throws Exception {
		this.served = ServedDirective.tcp((connection) -> {
			connection.close();
			awaitGoOn();
		});
		try (SocketChannel client = this.served.connect()) {
			assertThat(isAtEnd(client)).isTrue();
			assertThat(open()).isOne();
			this.served.server().closeIdle();
			this.served.server().remind();
			assertThat(open()).isOne();
			this.goOn.countDown();
			await().until(() -> open() == 0);
		}
	}

	@Test
	void everyConnectionCanBeClosedWithoutAWord() throws Exception {
		this.served = ServedDirective.tcp((connection) -> {
			try {
				Conversation.echo(connection);
			}
			catch (IOException ex) {
				throw new IllegalStateException("The handler does not know why");
			}
		});
		try (SocketChannel one = this.served.connect(); SocketChannel other = this.served.connect()) {
			echoed(one, "x");
			echoed(other, "x");
			this.served.server().closeIdle();
			assertThat(echoed(one, "still there")).isEqualTo("still there");
			this.served.server().closeAll();
			assertThat(isAtEnd(one)).isTrue();
			assertThat(isAtEnd(other)).isTrue();
			await().until(() -> open() == 0);
		}
		assertThat(this.log.messages(Level.INFO)).isEmpty();
	}

	@Test
	void aConnectionThatNoThreadServesIsClosedAndNotCounted() throws Exception {
		AtomicInteger left = new AtomicInteger(3);
		this.served = ServedDirective.tcp(1, Conversation::echo, (task) -> {
			switch (left.getAndDecrement()) {
				case 3, 2 -> throw new OutOfMemoryError("unable to create native thread");
				case 1 -> throw new RejectedExecutionException("no");
				default -> new Thread(task).start();
			}
		});
		for (int i = 0; i < 3; i++) {
			try (SocketChannel client = this.served.connect()) {
				assertThat(isAtEnd(client)).isTrue();
				await().until(() -> open() == 0);
			}
		}
		try (SocketChannel client = this.served.connect()) {
			assertThat(echoed(client, "there is room")).isEqualTo("there is room");
		}
		assertThat(this.log.messages(Level.WARN)).filteredOn((message) -> message.contains("can't take a connection"))
			.hasSize(3);
	}

	private int open() {
		return this.served.server().openConnections();
	}

	private void awaitGoOn() throws InterruptedException {
		assertThat(this.goOn.await(10, TimeUnit.SECONDS)).isTrue();
	}

	private static Thread thread(String name) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals(name))
			.findFirst()
			.orElse(null);
	}

}
