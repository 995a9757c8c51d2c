package io.gozd.command;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class JsonTests {

	@Test
	void fieldsFollowEachOther() {
		Json json = new Json().with("text", "a")
			.with("number", 4711L)
			.with("truth", true)
			.with("nothing", (String) null)
			.with("object", new Json().with("x", 1))
			.with("list", List.of(new Json(), new Json().with("y", 2)));
		assertThat(json).hasToString(
				"{\"text\":\"a\",\"number\":4711,\"truth\":true,\"nothing\":null,\"object\":{\"x\":1},\"list\":[{},{\"y\":2}]}");
	}

	@Test
	void whateverATextHoldsIsReadBack() throws IOException {
		String text = "\"quoted\" \\ back\nline\r\ttab \u0001 zażółć \uD83D\uDE00";
		JsonNode json = new ObjectMapper().readTree(new Json().with(text, text).toString());
		assertThat(json.get(text).asText()).isEqualTo(text);
	}

}
