package io.gozd.tomcat;

import java.nio.file.Path;
import java.util.List;

import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class TomcatConnectorsTests {

	@TempDir
	private Path directory;

	private EmbeddedTomcat tomcat;

	@BeforeEach
	void create() {
		this.tomcat = new EmbeddedTomcat(this.directory, List.of());
	}

	@Test
	void connectorsThatCanHandTheirListenerOverAreNoObstacle() {
		this.tomcat.connector(new Connector(TomcatConnectors.PROTOCOL), 8081);
		assertThat(this.tomcat.take()).isEmpty();
	}

	@Test
	void aConnectorOfPlainTomcatIsAnObstacleWithAWayOut() {
		this.tomcat.connector(new Connector(new Http11NioProtocol()), 8081);
		assertThat(this.tomcat.take()).singleElement()
			.asString()
			.startsWith("The connector of port 8081 uses org.apache.coyote.http11.Http11NioProtocol,")
			.contains("use the default protocol")
			.endsWith("new Connector(new io.gozd.tomcat.HandoverProtocol())");
	}

	@Test
	void aConnectorOfNio2IsAnObstacleWithAWayOut() {
		this.tomcat.connector(new Connector(new Http11Nio2Protocol()), 8081);
		assertThat(this.tomcat.take()).singleElement()
			.asString()
			.startsWith("The connector of port 8081 uses org.apache.coyote.http11.Http11Nio2Protocol,")
			.contains("use the default protocol");
	}

	@Test
	void aUnixSocketIsAnObstacleWithAWayOut() {
		Connector connector = new Connector(new HandoverProtocol());
		connector.setProperty("unixDomainSocketPath", this.directory.resolve("http.sock").toString());
		this.tomcat.connector(connector, 8081);
		assertThat(this.tomcat.take()).singleElement()
			.asString()
			.contains("listens on a Unix socket")
			.endsWith("use a port");
	}

	@Test
	void anInheritedChannelIsAnObstacleWithAWayOut() {
		Connector connector = new Connector(new HandoverProtocol());
		connector.setProperty("useInheritedChannel", "true");
		this.tomcat.connector(connector, 8081);
		assertThat(this.tomcat.take()).singleElement().asString().contains("inherited channel").endsWith("use a port");
	}

	@Test
	void aConnectorThatSpeaksFastCgiIsNoObstacle() {
		this.tomcat.connector(new Connector(TomcatConnectors.FCGI_PROTOCOL), 8081);
		assertThat(this.tomcat.take()).isEmpty();
	}

	@Test
	void everyObstacleIsTold() {
		this.tomcat.connector(new Connector(new Http11NioProtocol()), 8081);
		this.tomcat.connector(new Connector(new Http11Nio2Protocol()), 8082);
		assertThat(this.tomcat.take()).hasSize(2);
	}

	@Test
	void aStreamThatComesAfterTheGoodbyeOfHttp2HasTime() {
		Http2Protocol http2 = new Http2Protocol();
		this.tomcat.connector().addUpgradeProtocol(http2);
		long before = http2.getDrainTimeout();
		this.tomcat.take();
		assertThat(http2.getDrainTimeout()).isGreaterThan(before).isEqualTo(5_000_000_000L);
	}

	@Test
	void thisTomcatIsOneOfThoseThatAreKnown() {
		assertThat(CommitHook.isPossible()).isTrue();
	}

}
