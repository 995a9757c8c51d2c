package io.gozd.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.gozd.drain.Drain;
import io.gozd.drain.DrainCause;
import io.gozd.drain.DrainReport;
import io.gozd.drain.Endpoint;
import io.gozd.drain.Endpoints;
import io.gozd.listener.Directive;
import io.gozd.listener.Directives;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.Protocol;
import io.gozd.listener.SharedListener;
import io.gozd.posix.Descriptors;
import io.gozd.posix.NativePosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

final class ChannelListenersTests {

	private static final int CLIENTS = 4;

	private static final int TURNS = 50;

	private final Endpoints endpoints = new Endpoints();

	private final List<SelectorServer> servers = new ArrayList<>();

	@TempDir
	private Path directory;

	private ListenerTable table;

	private ChannelListeners listeners;

	private Set<Integer> before;

	private SocketAddress address;

	@BeforeEach
	void open() throws IOException {
		// What the JDK opens once is open then.
		SharedListener.open().close();
		this.before = Descriptors.sockets();
		this.table = new ListenerTable(NativePosix::get, List::of);
		this.listeners = new ChannelListeners(directives(this.table), this.endpoints, NativePosix::get);
	}

	private Directives directives(ListenerTable table) {
		return new Directives(List.of(directive("tcp", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
				directive("unix", UnixDomainSocketAddress.of(this.directory.resolve("test.sock"))),
				directive("abstract", UnixDomainSocketAddress.of("@" + this.directory))), table);
	}

	private static Directive directive(String id, SocketAddress address) {
		return new Directive(id, address, Protocol.TCP, PosixFilePermissions.fromString("rw-rw-rw-"), 1000, 1000, null,
				null);
	}

	@AfterEach
	void nothingLeaks() throws Exception {
		this.listeners.close();
		for (SelectorServer server : this.servers) {
			server.end();
		}
		assertThat(Descriptors.sockets()).isSubsetOf(this.before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcp", "unix" })
	void aServerAcceptsOnceTheGatesAreOpen(String id) throws Exception {
		SelectorServer server = serve(id);
		try (SocketChannel client = connect()) {
			assertThat(server.calls()).isEmpty();
			this.endpoints.open();
			assertThat(answer(client)).isEqualTo('A');
			assertThat(this.endpoints.openConnections()).isOne();
		}
		await().until(() -> this.endpoints.openConnections() == 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcp", "unix" })
	void aServerThatHasStoppedLeavesTheQueueToOthersAndCanGoOn(String id) throws Exception {
		this.endpoints.open();
		SelectorServer server = serve(id);
		try (SocketChannel first = connect()) {
			assertThat(answer(first)).isEqualTo('A');
			endpoint().stopAccepting();
			try (SocketChannel second = connect(); SocketChannel third = connect()) {
				assertThat(answer(first)).as("it goes on").isEqualTo('A');
				try (SocketChannel accepted = this.table.open().get(0).channel().accept()) {
					assertThat(accepted.getRemoteAddress()).isEqualTo(second.getLocalAddress());
				}
				endpoint().accept();
				assertThat(answer(third)).isEqualTo('A');
				assertThat(server.accepted()).isEqualTo(2);
			}
		}
	}

	@Test
	void aServerIsNotToldTwice() throws Exception {
		SelectorServer server = serve("tcp");
		ListenerKey key = endpoint().key();
		endpoint().stopAccepting();
		endpoint().accept();
		endpoint().accept();
		endpoint().stopAccepting();
		endpoint().stopAccepting();
		endpoint().closeListener();
		endpoint().closeListener();
		endpoint().accept();
		assertThat(server.calls()).containsExactly("accept", "stop", "close");
		assertThat(endpoint().key()).isNull();
		assertThat(endpoint().lastKey()).isNotNull().isEqualTo(key);
		assertThat(endpoint().stopAcceptingIfQueueIsEmpty()).isTrue();
		endpoint().refuseNewcomers();
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcp", "unix" })
	void atTheEndOfTheDaemonTheQueueIsServedUntilItIsEmpty(String id) throws Exception {
		this.endpoints.open();
		SelectorServer server = serve(id);
		endpoint().stopAccepting();
		List<SocketChannel> clients = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			clients.add(connect());
		}
		BlockingQueue<DrainReport> reports = new LinkedBlockingQueue<>();
		new Drain(this.endpoints, DrainCause.TERMINATE, List.of(endpoint()), Duration.ofSeconds(30),
				(drain, report) -> reports.add(report))
			.start();
		for (SocketChannel client : clients) {
			assertThat(answer(client)).isEqualTo('A');
		}
		await().until(() -> endpoint().key() == null);
		assertThatIOException().isThrownBy(this::connect);
		assertThat(reports).as("connections are open").isEmpty();
		for (SocketChannel client : clients) {
			client.close();
		}
		assertThat(reports.poll(10, TimeUnit.SECONDS)).extracting(DrainReport::cut).isEqualTo(0);
		assertThat(server.accepted()).isEqualTo(20);
	}

	@Test
	void newcomersToAnAbstractNameCanNotBeRefused() throws Exception {
		serve("abstract");
		assertThatIOException().isThrownBy(() -> endpoint().refuseNewcomers())
			.withMessageContaining("@" + this.directory);
		assertThat(endpoint().stopAcceptingIfQueueIsEmpty()).isTrue();
	}

	@Test
	void everyConnectionCanBeClosed() throws Exception {
		this.endpoints.open();
		SelectorServer server = serve("tcp");
		try (SocketChannel client = connect()) {
			answer(client);
			endpoint().draining(true);
			endpoint().remind();
			endpoint().closeIdle();
			assertThat(answer(client)).isEqualTo('A');
			endpoint().closeAll();
			assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
			assertThat(server.openConnections()).isZero();
		}
	}

	@Test
	void whatIsClosedCanBeServedAgain() throws Exception {
		this.endpoints.open();
		serve("tcp");
		endpoint().closeListener();
		serve("tcp");
		try (SocketChannel client = connect()) {
			assertThat(answer(client)).isEqualTo('A');
		}
		this.listeners.close();
		this.endpoints.forEach((endpoint) -> {
			throw new AssertionError(endpoint.name() + " is still there");
		});
		serve("tcp");
		try (SocketChannel client = connect()) {
			assertThat(answer(client)).isEqualTo('A');
		}
	}

	@Test
	void aServerThatCanNotBeMadeLeavesNothing() throws Exception {
		assertThatIllegalStateException().isThrownBy(() -> this.listeners.serve("tcp", (channel) -> {
			throw new IllegalStateException("fault");
		})).withMessage("fault");
		assertThat(this.table.open()).isEmpty();
		assertThat(serve("tcp").calls()).isEmpty();
	}

	@Test
	void onlyADirectiveOfTcpThatNobodyServesCanBeServed() throws Exception {
		serve("tcp");
		assertThatIllegalStateException().isThrownBy(() -> serve("tcp")).withMessageContaining("gozd.directives.tcp");
		assertThatIllegalArgumentException().isThrownBy(() -> serve("none"))
			.withMessageContaining("gozd.directives.none");
		Directive web = new Directive("web", new InetSocketAddress(0), Protocol.HTTP, Set.of(), 1, 1, null, null);
		ChannelListeners others = new ChannelListeners(new Directives(List.of(web), this.table), this.endpoints,
				NativePosix::get);
		assertThatIllegalArgumentException().isThrownBy(() -> others.serve("web", (channel) -> null))
			.withMessageContaining("gozd.directives.web.protocol");
	}

	/**
	 * As in a handover: each connection is accepted by one of two processes, and by none
	 * that has stopped.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "tcp", "unix" })
	void everyConnectionIsAcceptedByExactlyOneOfTwoThatTakeTurns(String id) throws Exception {
		SelectorServer a = serve(id);
		Endpoints successors = new Endpoints();
		try (ChannelListeners others = new ChannelListeners(directives(inheriting()), successors, NativePosix::get)) {
			SelectorServer b = others.serve(id, (channel) -> new SelectorServer(channel, 'B'));
			this.servers.add(b);
			this.endpoints.open();
			AtomicInteger answered = new AtomicInteger();
			AtomicInteger turns = new AtomicInteger();
			ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				running.add(clients.submit(() -> {
					while (turns.get() < TURNS) {
						try (SocketChannel client = connect()) {
							assertThat(answer(client)).isIn('A', 'B');
							answered.incrementAndGet();
						}
					}
					return null;
				}));
			}
			while (turns.get() < TURNS && running.stream().noneMatch(Future::isDone)) {
				boolean even = turns.get() % 2 == 0;
				(even ? successors : this.endpoints).open();
				(even ? this.endpoints : successors).stopAccepting((key) -> true);
				SelectorServer stopped = even ? a : b;
				SelectorServer going = even ? b : a;
				int before = stopped.accepted();
				int target = going.accepted() + 5;
				await().pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(1))
					.until(() -> going.accepted() >= target || running.stream().anyMatch(Future::isDone));
				assertThat(stopped.accepted()).isEqualTo(before);
				turns.incrementAndGet();
			}
			for (Future<?> client : running) {
				client.get();
			}
			clients.shutdown();
			assertThat(a.accepted() + b.accepted()).isEqualTo(answered.get());
		}
	}

	/** The listeners of another process, that has inherited this one's. */
	private ListenerTable inheriting() throws IOException {
		Listener listener = this.table.open().get(0);
		int descriptor = NativePosix.get().listeningDescriptors(List.of(listener.name())).get(listener.name());
		int copy = NativePosix.get().duplicate(descriptor);
		return new ListenerTable(NativePosix::get, () -> List.of(new InheritedListener(listener.key(),
				listener.address(), listener.name(), listener.file(), listener.backlog(), copy)));
	}

	private SelectorServer serve(String id) throws IOException {
		return this.listeners.serve(id, (channel) -> {
			SelectorServer server = new SelectorServer(channel, 'A');
			this.servers.add(server);
			this.address = this.table.open().get(0).address();
			return server;
		});
	}

	private SocketChannel connect() throws IOException {
		return SocketChannel.open(this.address);
	}

	private Endpoint endpoint() {
		List<Endpoint> all = new ArrayList<>();
		this.endpoints.forEach(all::add);
		assertThat(all).hasSize(1);
		return all.get(0);
	}

	private static char answer(SocketChannel client) throws IOException {
		client.write(ByteBuffer.wrap(new byte[] { '?' }));
		ByteBuffer buffer = ByteBuffer.allocate(1);
		assertThat(client.read(buffer)).isEqualTo(1);
		return (char) buffer.get(0);
	}

}
