package io.gozd.jetty;

import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.io.SelectorManager;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class JettyConnectorsTests {

	private EmbeddedJetty jetty;

	@BeforeEach
	void create() {
		this.jetty = new EmbeddedJetty(List.of());
	}

	@AfterEach
	void close() {
		this.jetty.close();
	}

	@Test
	void connectorsThatCanHandTheirListenerOverAreNoObstacle() {
		this.jetty.connector(new ServerConnector(this.jetty.server()));
		assertThat(this.jetty.take()).isEmpty();
		assertThat(this.jetty.server().getConnectors()).hasSize(2).hasOnlyElementsOfType(HandoverConnector.class);
	}

	@Test
	void aConnectorOfAnotherKindIsAnObstacleWithAWayOut() {
		this.jetty.server().addConnector(new LocalConnector(this.jetty.server()));
		assertThat(this.jetty.take()).singleElement()
			.asString()
			.contains("is a org.eclipse.jetty.server.LocalConnector")
			.endsWith("use org.eclipse.jetty.server.ServerConnector");
	}

	@Test
	void aConnectorThatTheApplicationHasExtendedIsAnObstacle() {
		this.jetty.connector(new ServerConnector(this.jetty.server()) {
		});
		assertThat(this.jetty.take()).singleElement().asString().contains("can't hand its listener over");
	}

	@Test
	void aConnectorWithAChannelOfItsOwnIsAnObstacleWithAWayOut() throws Exception {
		try (ServerSocketChannel channel = ServerSocketChannel.open()) {
			channel.bind(new InetSocketAddress("127.0.0.1", 0));
			ServerConnector connector = new ServerConnector(this.jetty.server());
			connector.open(channel);
			this.jetty.connector(connector);
			assertThat(this.jetty.take()).singleElement()
				.asString()
				.contains("a channel of its own")
				.endsWith("use a port");
		}
	}

	@Test
	void anInheritedChannelIsAnObstacleWithAWayOut() {
		ServerConnector connector = new ServerConnector(this.jetty.server());
		connector.setInheritChannel(true);
		this.jetty.connector(connector);
		assertThat(this.jetty.take()).singleElement().asString().endsWith("use a port");
	}

	@Test
	void everyObstacleIsTold() {
		this.jetty.server().addConnector(new LocalConnector(this.jetty.server()));
		this.jetty.server().addConnector(new LocalConnector(this.jetty.server()));
		assertThat(this.jetty.take()).hasSize(2);
	}

	@Test
	void aConnectorKeepsWhatWasSet() {
		Executor executor = Executors.newCachedThreadPool();
		HttpConnectionFactory factory = new HttpConnectionFactory(new HttpConfiguration());
		ServerConnector old = new ServerConnector(this.jetty.server(), executor, null, null, 0, 3, factory);
		old.setName("mine");
		old.setIdleTimeout(12_345);
		old.setShutdownIdleTimeout(234);
		old.setAcceptQueueSize(7);
		old.setAcceptorPriorityDelta(-1);
		old.setReuseAddress(false);
		old.setReusePort(true);
		old.setAcceptedTcpNoDelay(false);
		old.setAcceptedReceiveBufferSize(4097);
		old.setAcceptedSendBufferSize(4098);
		ConnectionStatistics bean = new ConnectionStatistics();
		old.addBean(bean);
		Connection.Listener listener = new Connection.Listener() {
		};
		old.addEventListener(listener);
		SelectorManager.AcceptListener accepts = new SelectorManager.AcceptListener() {
		};
		old.getSelectorManager().addEventListener(accepts);
		this.jetty.connector(old);
		old.setPort(4711);
		this.jetty.take();
		HandoverConnector connector = (HandoverConnector) this.jetty.server().getConnectors()[1];
		assertThat(connector.getName()).isEqualTo("mine");
		assertThat(connector.getHost()).isEqualTo("127.0.0.1");
		assertThat(connector.getPort()).isEqualTo(4711);
		assertThat(connector.getIdleTimeout()).isEqualTo(12_345);
		assertThat(connector.getShutdownIdleTimeout()).isEqualTo(234);
		assertThat(connector.getAcceptQueueSize()).isEqualTo(7);
		assertThat(connector.getAcceptorPriorityDelta()).isEqualTo(-1);
		assertThat(connector.getReuseAddress()).isFalse();
		assertThat(connector.isReusePort()).isTrue();
		assertThat(connector.getAcceptedTcpNoDelay()).isFalse();
		assertThat(connector.getAcceptedReceiveBufferSize()).isEqualTo(4097);
		assertThat(connector.getAcceptedSendBufferSize()).isEqualTo(4098);
		assertThat(connector.getExecutor()).isSameAs(executor);
		assertThat(connector.getScheduler()).isSameAs(this.jetty.server().getScheduler());
		assertThat(connector.getSelectorManager().getSelectorCount()).isEqualTo(3);
		assertThat(connector.getAcceptors()).as("selectors accept nothing here").isOne();
		assertThat(connector.getConnectionFactories()).containsExactly(factory);
		assertThat(connector.getDefaultProtocol()).isEqualTo(old.getDefaultProtocol());
		assertThat(connector.getBean(ConnectionStatistics.class)).isSameAs(bean);
		assertThat(connector.isManaged(bean)).isEqualTo(old.isManaged(bean));
		assertThat(connector.getEventListeners()).contains(bean, listener);
		assertThat(connector.getSelectorManager().getEventListeners()).contains(accepts);
	}

	@Test
	void whatIsSaidAtTheEndIsInstalledOnce() {
		this.jetty.take();
		this.jetty.take();
		Connector connector = this.jetty.connector();
		HttpConnectionFactory factory = connector.getConnectionFactory(HttpConnectionFactory.class);
		assertThat(factory.getHttpConfiguration().getCustomizers()).hasAtLeastOneElementOfType(CommitHook.class)
			.startsWith(factory.getHttpConfiguration().getCustomizer(CommitHook.class))
			.filteredOn(CommitHook.class::isInstance)
			.hasSize(1);
	}

	@Test
	void aConnectorOfADirectiveIsMadeAsTheMakerMakesIt() throws Exception {
		this.jetty.directive(new InetSocketAddress("127.0.0.1", 0)).serve();
		assertThat(this.jetty.server().getConnectors()).hasSize(2);
		assertThat(this.jetty.listeners().open()).extracting((listener) -> listener.key().value())
			.containsExactlyInAnyOrder("tcp:127.0.0.1:0#server", "tcp:127.0.0.1:0#web-0");
	}

	@Test
	void thisJettyIsOneOfThoseThatAreKnown() {
		assertThat(KnownRelease.isKnown()).isTrue();
		assertThat(KnownRelease.has(Object.class, "noSuchMethod", void.class)).isFalse();
		assertThat(GoingAway.isPossible()).isTrue();
		assertThat(Present.HTTP2).isTrue();
		assertThat(Present.WEB_SOCKETS).isTrue();
		assertThat(Present.type("org.eclipse.jetty.NoSuchType")).isFalse();
	}

}
