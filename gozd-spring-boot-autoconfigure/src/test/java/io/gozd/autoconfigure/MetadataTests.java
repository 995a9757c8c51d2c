package io.gozd.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gozd.command.Command;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class MetadataTests {

	private static final String FILE = "META-INF/spring-configuration-metadata.json";

	private JsonNode metadata;

	@BeforeEach
	void findMetadata() throws IOException {
		for (URL file : Collections.list(getClass().getClassLoader().getResources(FILE))) {
			try (InputStream stream = file.openStream()) {
				JsonNode metadata = new ObjectMapper().readTree(stream);
				if (names(metadata.get("properties")).contains("gozd.enabled")) {
					this.metadata = metadata;
				}
			}
		}
	}

	@Test
	void everyKeyIsThere() {
		assertThat(names(this.metadata.get("properties"))).containsExactlyInAnyOrder("gozd.command", "gozd.format",
				"gozd.command-timeout", "gozd.enabled", "gozd.name", "gozd.run-directory", "gozd.pidfile",
				"gozd.logfile", "gozd.user", "gozd.group", "gozd.max-fds.soft", "gozd.max-fds.hard", "gozd.resident",
				"gozd.exit-timeout", "gozd.reload.signals", "gozd.reload.timeout", "gozd.reload.probation",
				"gozd.reload.max-generations", "gozd.drain.websocket-timeout", "gozd.drain.sse-timeout",
				"gozd.directives");
	}

	@Test
	void everyKeyIsDescribedInASentence() {
		assertThat(this.metadata.get("properties")).allSatisfy((property) -> {
			String name = property.get("name").asText();
			assertThat(property.path("description").asText()).as(name).matches("[A-Z].+\\.");
			assertThat(property.path("type").asText()).as(name).startsWith("java.");
		});
	}

	@Test
	void everyKeySaysWhatHoldsWithoutIt() {
		assertThat(this.metadata.get("properties")).allSatisfy((property) -> {
			String name = property.get("name").asText();
			boolean optional = property.path("description").asText().contains("Defaults to")
					|| name.endsWith("pidfile");
			assertThat(property.has("defaultValue") || optional).as(name).isTrue();
		});
	}

	@Test
	void whatCanBeChosenIsHinted() {
		JsonNode hints = this.metadata.get("hints");
		assertThat(names(hints)).containsExactlyInAnyOrder("gozd.command", "gozd.format", "gozd.reload.signals");
		assertThat(values(hints, "gozd.reload.signals")).containsExactly("HUP", "USR2");
		assertThat(values(hints, "gozd.format")).containsExactly("text", "json");
		assertThat(String.join(", ", values(hints, "gozd.command"))).isEqualTo(Command.names());
		assertThat(hints).allSatisfy((hint) -> assertThat(hint.get("values"))
			.allSatisfy((value) -> assertThat(value.path("description").asText()).isNotBlank()));
	}

	private static List<String> values(JsonNode hints, String name) {
		List<String> values = new ArrayList<>();
		hints.forEach((hint) -> {
			if (hint.get("name").asText().equals(name)) {
				hint.get("values").forEach((value) -> values.add(value.get("value").asText()));
			}
		});
		return values;
	}

	private static List<String> names(JsonNode items) {
		List<String> names = new ArrayList<>();
		items.forEach((item) -> names.add(item.get("name").asText()));
		return names;
	}

}
