package io.gozd.sample.http;

import io.gozd.daemon.Daemon;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.web.servlet.AutoConfigureMockMvc;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A test without a server.
 */
@SpringBootTest
@AutoConfigureMockMvc
class MockEnvironmentTests {

	@Autowired
	private MockMvcTester mvc;

	@Autowired
	private ObjectProvider<Daemon> daemon;

	@Test
	void answersAsWithoutTheStarter() {
		assertThat(this.mvc.get().uri("/slow?ms=1")).hasStatusOk()
			.bodyText()
			.startsWith("pid=" + ProcessHandle.current().pid())
			.contains(" gen=0 ");
	}

	@Test
	void isNoDaemon() {
		assertThat(this.daemon.getIfAvailable()).isNull();
	}

}
