package io.gozd.tomcat;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

final class RestartTests {

	@TempDir
	private Path directory;

	@Test
	void aDrainIsOverWhenTheConnectorStartsAgain() throws Exception {
		try (EmbeddedTomcat tomcat = new EmbeddedTomcat(this.directory, List.of()).servlet("/", Servlets.word("word"))
			.serve()) {
			tomcat.draining(true);
			tomcat.connector().stop();
			tomcat.connector().start();
			tomcat.endpoints().open();
			try (HttpSocket client = tomcat.connect()) {
				assertThat(client.get("/").headers("Connection")).isEmpty();
				assertThat(client.get("/").body()).as("on the same connection").isEqualTo("word");
			}
		}
	}

}
