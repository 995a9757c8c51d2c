package io.gozd.it;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link Server}.
 */
class ServerTests {

	@Test
	void isTheOneWhoseLibraryTheJarHas() {
		assertThat(Server.among(List.of("spring-boot-3.5.16.jar", "tomcat-embed-el-10.1.55.jar",
				"jetty-server-12.0.36.jar", "jetty-util-12.0.36.jar", "spring-boot-actuator-3.5.16.jar")))
			.contains(new Server(ServerKind.JETTY, "12.0.36", "3.5.16"));
		assertThat(Server.among(List.of("undertow-core-2.3.24.Final.jar", "spring-boot-3.5.16.jar")))
			.contains(new Server(ServerKind.UNDERTOW, "2.3.24.Final", "3.5.16"));
		assertThat(Server.among(List.of("spring-boot-4.1.1.jar", "tomcat-embed-core-11.0.27.jar")))
			.contains(new Server(ServerKind.TOMCAT, "11.0.27", "4.1.1"));
		assertThat(Server.among(List.of("spring-boot-3.5.16.jar"))).isEmpty();
	}

	@Test
	void namesItsOwnProperties() {
		assertThat(server(ServerKind.TOMCAT).argument(ServerSetting.BACKLOG, 12))
			.isEqualTo("--server.tomcat.accept-count=12");
		assertThat(server(ServerKind.UNDERTOW).property(ServerSetting.BACKLOG, 12))
			.isEqualTo("server.undertow.options.socket.backlog=12");
		assertThatThrownBy(() -> server(ServerKind.JETTY).property(ServerSetting.BACKLOG, 12))
			.isInstanceOf(AssertionError.class)
			.hasMessageContaining("Jetty");
	}

	@Test
	void hasWhatItHasAPropertyFor() {
		assertThat(server(ServerKind.UNDERTOW).has(ServerTrait.UNIX)).isFalse();
		assertThat(server(ServerKind.UNDERTOW).has(ServerTrait.BACKLOG)).isTrue();
		assertThat(server(ServerKind.JETTY).has(ServerTrait.UNIX)).isTrue();
		assertThat(server(ServerKind.JETTY).has(ServerTrait.FASTCGI)).isFalse();
		assertThat(server(ServerKind.JETTY).has(ServerTrait.BACKLOG)).isFalse();
		assertThat(ServerTrait.values()).allMatch(server(ServerKind.TOMCAT)::has);
	}

	private static Server server(ServerKind kind) {
		return new Server(kind, "1", "3.5.16");
	}

}
