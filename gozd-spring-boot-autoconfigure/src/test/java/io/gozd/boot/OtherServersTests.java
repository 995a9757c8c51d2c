package io.gozd.boot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;

import io.gozd.daemon.Application;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.ListenerTable;
import io.gozd.posix.NativePosix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.WebServer;

import static org.assertj.core.api.Assertions.assertThat;

final class OtherServersTests {

	private final ListenerTable table = new ListenerTable(NativePosix::get, List::of);

	private final ObstructedApplication application = new ObstructedApplication(new ArrayList<>());

	private final OtherServers servers = new OtherServers(this.table, this.application);

	private Listener listener;

	@BeforeEach
	void listen() throws IOException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		this.listener = this.table.claim(ListenerKey.of("server", address), "server", address, 1, () -> {
			ServerSocketChannel channel = ServerSocketChannel.open();
			channel.bind(address);
			return channel;
		});
	}

	@AfterEach
	void close() throws IOException {
		this.listener.channel().close();
	}

	@Test
	void aServerOnAListenerOfOursIsNoObstacleWhateverItIs() {
		this.servers.hasStarted(new NettyWebServer(port()));
		assertThat(this.application.obstacles()).isEmpty();
	}

	@Test
	void aServerThatHasBoundItsPortItselfIsOneWhateverItIs() {
		this.servers.hasStarted(new TomcatWebServer(port() + 1));
		assertThat(this.application.obstacles()).singleElement()
			.asString()
			.contains(TomcatWebServer.class.getName(), "binds its address itself");
	}

	@Test
	void reactorNettyIsCalledByItsName() {
		this.servers.hasStarted(new NettyWebServer(port() + 1));
		assertThat(this.application.obstacles()).singleElement()
			.asString()
			.contains("(Reactor Netty)", "spring-boot-starter-tomcat", "spring-boot-starter-jetty")
			.satisfies((obstacle) -> assertThat(obstacle.contains("spring-boot-starter-undertow"))
				.isEqualTo(BootLine.present() == BootLine.THREE));
	}

	@Test
	void aServerWithoutAPortIsKnownByItsName() {
		this.servers.hasStarted(new TomcatWebServer(-1));
		assertThat(this.application.obstacles()).isEmpty();
		this.servers.hasStarted(new NettyWebServer(-1));
		assertThat(this.application.obstacles()).hasSize(1);
	}

	@Test
	void theSecondServerOfAKindSaysNothingNew() {
		this.servers.hasStarted(new NettyWebServer(port() + 1));
		this.servers.hasStarted(new NettyWebServer(port() + 2));
		assertThat(this.application.obstacles()).hasSize(1);
	}

	private int port() {
		return ((InetSocketAddress) this.listener.address()).getPort();
	}

	private record TomcatWebServer(int getPort) implements WebServer {

		@Override
		public void start() {
		}

		@Override
		public void stop() {
		}

	}

	private record ObstructedApplication(List<String> obstacles) implements Application {

		@Override
		public void publish(Object event) {
		}

		@Override
		public void readiness(boolean accepting, boolean elsewhere) {
		}

		@Override
		public boolean isServedElsewhere() {
			return false;
		}

		@Override
		public void addObstacle(String reason) {
			this.obstacles.add(reason);
		}

		@Override
		public String obstacle() {
			return String.join("; ", this.obstacles);
		}

		@Override
		public String version() {
			return "";
		}

		@Override
		public void close(boolean patient) {
		}

	}

}
