package io.gozd.command;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

final class ConsoleTests {

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

	/** A terminal takes some of them as commands: root may ask about www's daemon. */
	@Test
	void controlCharactersReachNoTerminal() {
		Console console = console(false);
		console.say("a\u001b]0;b\u0007");
		console.result(new Json(), "c\r\n\tä\u009b");
		console.fail("d\u0000");
		console.quote(List.of("e\u001b[2J"));
		assertThat(this.output.toString(StandardCharsets.UTF_8)).isEqualTo("a?]0;b?\nc?\n\tä?\n");
		assertThat(this.errors.toString(StandardCharsets.UTF_8)).isEqualTo("d?\n  | e?[2J\n");
	}

	@Test
	void programsGetOneObjectAndNothingElse() {
		Console console = console(true);
		console.say("on the way");
		console.fail(new Json().with("name", "shop"), "why", "shop: why");
		assertThat(this.output.toString(StandardCharsets.UTF_8)).isEqualTo("{\"name\":\"shop\",\"reason\":\"why\"}\n");
		assertThat(this.errors.toString(StandardCharsets.UTF_8)).isEqualTo("shop: why\n");
	}

	private Console console(boolean json) {
		return new Console(stream(this.output), stream(this.errors), json);
	}

	private static PrintStream stream(ByteArrayOutputStream bytes) {
		return new PrintStream(bytes, true, StandardCharsets.UTF_8);
	}

}
