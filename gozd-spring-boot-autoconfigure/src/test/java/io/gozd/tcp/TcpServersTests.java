package io.gozd.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.gozd.drain.Endpoints;
import io.gozd.listener.Directive;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerTable;
import io.gozd.listener.Protocol;
import io.gozd.posix.Descriptors;
import io.gozd.posix.NativePosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static io.gozd.tcp.Conversation.echoed;
import static io.gozd.tcp.Conversation.isAtEnd;
import static io.gozd.tcp.Conversation.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

final class TcpServersTests {

	private final Endpoints endpoints = new Endpoints();

	private final ListenerTable listeners = new ListenerTable(NativePosix::get, List::of);

	private final TcpServers servers = new TcpServers(this.endpoints, NativePosix::get, true);

	private Set<Integer> before;

	@BeforeEach
	void remember() throws IOException {
		this.before = Descriptors.sockets();
	}

	@AfterEach
	void nothingLeaks() throws IOException {
		this.servers.stop();
		assertThat(Descriptors.socketsSince(this.before)).isEmpty();
	}

	@Test
	void eachDirectiveHasItsHandlerOnceTheGatesAreOpen() throws Exception {
		Listener one = start("one", Conversation::echo);
		Listener other = start("other", (connection) -> connection.outputStream().write('o'));
		try (SocketChannel client = SocketChannel.open(one.address())) {
			send(client, "x");
			assertThat(this.endpoints.openConnections()).isZero();
			this.endpoints.open();
			assertThat(Conversation.receive(client, 1)).isEqualTo("x");
			assertThat(this.endpoints.openConnections()).isOne();
			try (SocketChannel second = SocketChannel.open(other.address())) {
				assertThat(Conversation.receive(second, 1)).isEqualTo("o");
			}
		}
	}

	@Test
	void stopClosesWhatIsOpenAndWaitsForHandlers() throws Exception {
		this.endpoints.open();
		BlockingQueue<String> ended = new LinkedBlockingQueue<>();
		Listener listener = start("one", (connection) -> {
			try {
				Conversation.echo(connection);
			}
			finally {
				ended.add("ended");
			}
		});
		try (SocketChannel client = SocketChannel.open(listener.address())) {
			echoed(client, "x");
			this.servers.stop();
			assertThat(ended.poll()).as("when it returns").isEqualTo("ended");
			assertThat(isAtEnd(client)).isTrue();
			assertThatIOException().isThrownBy(() -> SocketChannel.open(listener.address()).close());
		}
		this.endpoints.forEach((endpoint) -> {
			throw new AssertionError(endpoint.name() + " is still there");
		});
	}

	@Test
	void theyCanBeStartedAgain() throws Exception {
		this.endpoints.open();
		start("one", Conversation::echo);
		this.servers.stop();
		Listener again = start("one", Conversation::echo);
		try (SocketChannel client = SocketChannel.open(again.address())) {
			assertThat(echoed(client, "again")).isEqualTo("again");
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void connectionsHaveVirtualThreadsWhereThatIsWanted() throws Exception {
		this.endpoints.open();
		BlockingQueue<Thread> threads = new LinkedBlockingQueue<>();
		Listener listener = start("one", (connection) -> threads.add(Thread.currentThread()));
		try (SocketChannel client = SocketChannel.open(listener.address())) {
			assertThat(isAtEnd(client)).isTrue();
		}
		assertThat(threads.poll(10, TimeUnit.SECONDS).toString()).startsWith("VirtualThread[").contains("tcp-one-1");
	}

	private Listener start(String id, TcpHandler handler) throws IOException {
		Directive directive = new Directive(id, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
				Protocol.TCP, Set.of(), 100, 100, null, null);
		Listener listener = this.listeners.claim(directive);
		this.servers.start(directive, listener, handler);
		return listener;
	}

}
