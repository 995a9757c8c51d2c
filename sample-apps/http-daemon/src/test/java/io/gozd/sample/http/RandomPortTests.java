package io.gozd.sample.http;

import io.gozd.daemon.Daemon;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test with a real server and a port of its own.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class RandomPortTests {

	@Autowired
	private TestRestTemplate http;

	@Autowired
	private ObjectProvider<Daemon> daemon;

	@LocalServerPort
	private int port;

	@Test
	void answersAsWithoutTheStarter() {
		assertThat(this.port).isPositive();
		assertThat(this.http.getForObject("/", String.class)).startsWith("pid=" + ProcessHandle.current().pid())
			.contains(" gen=0 ");
		assertThat(this.http.postForObject("/", "x=1", String.class)).contains(" gen=0 ");
	}

	@Test
	void isNoDaemon() {
		assertThat(this.daemon.getIfAvailable()).isNull();
		assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
			.noneMatch((name) -> name.contains("gozd"));
	}

	@Test
	void streamsAsManyEventsAsAskedFor() {
		String events = this.http.getForObject("/sse?events=2", String.class);
		assertThat(events.lines().filter((line) -> line.startsWith("data:pid="))).hasSize(2);
	}

}
