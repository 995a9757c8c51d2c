package io.gozd.sample.http;

import io.gozd.daemon.Daemon;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two contexts of one JVM, each with its own server.
 */
class TwoContextsTests {

	@Test
	void neitherKnowsOfTheOther() {
		try (ConfigurableApplicationContext first = start()) {
			try (ConfigurableApplicationContext second = start()) {
				assertThat(portOf(first)).isNotEqualTo(portOf(second));
				assertThat(answerOf(second)).startsWith("pid=").contains(" gen=0 ");
				assertThat(second.getBeanProvider(Daemon.class).getIfAvailable()).isNull();
			}
			assertThat(answerOf(first)).startsWith("pid=").contains(" gen=0 ");
			assertThat(first.getBeanProvider(Daemon.class).getIfAvailable()).isNull();
		}
	}

	private static ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(HttpDaemon.class).properties("server.port=0").run();
	}

	private static int portOf(ConfigurableApplicationContext context) {
		return ((ServletWebServerApplicationContext) context).getWebServer().getPort();
	}

	private static String answerOf(ConfigurableApplicationContext context) {
		String answer = RestClient.create("http://127.0.0.1:" + portOf(context))
			.get()
			.uri("/")
			.retrieve()
			.body(String.class);
		assertThat(answer).isNotNull();
		return answer;
	}

}
