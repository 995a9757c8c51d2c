package io.gozd.handover;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The text of the control protocol, byte by byte: another release has to understand it.
 */
final class MessageTests {

	@Test
	void aMessageWithoutFieldsIsItsFirstLine() throws IOException {
		assertSame(Message.of(Message.PREPARED), "gozd/1 PREPARED\n");
	}

	@Test
	void eachFieldIsALine() throws IOException {
		assertSame(Message.of(Message.HELLO).with("pid", 4711L).with("generation", 2),
				"gozd/1 HELLO\npid: 4711\ngeneration: 2\n");
	}

	@Test
	void valuesKeepTheirLineBreaksAndBackslashes() throws IOException {
		assertSame(Message.of(Message.FAILED, "first\nC:\\new: \\"),
				"gozd/1 FAILED\nreason: first\\nC:\\\\new: \\\\\n");
	}

	@Test
	void textIsUtf8() throws IOException {
		assertSame(Message.of(Message.ABORT, "za późno 😀"), "gozd/1 ABORT\nreason: za późno 😀\n");
	}

	@Test
	void aListIsItsLengthAndALineForEachEntry() throws IOException {
		Message message = Message.of(Message.PREPARED)
			.with("a", 1)
			.withList("listeners", List.of("tcp:*:80", "", "x\ny"));
		assertSame(message,
				"gozd/1 PREPARED\na: 1\nlisteners: 3\nlisteners.0: tcp:*:80\nlisteners.1: \n" + "listeners.2: x\\ny\n");
		assertThat(message.list("listeners")).containsExactly("tcp:*:80", "", "x\ny");
	}

	@Test
	void anEmptyListIsNotAListThatNobodyKnows() throws IOException {
		Message message = Message.of(Message.PREPARED).withList("listeners", List.of());
		assertSame(message, "gozd/1 PREPARED\nlisteners: 0\n");
		assertThat(message.list("listeners")).isEmpty();
		assertThatIOException().isThrownBy(() -> Message.of(Message.PREPARED).list("listeners"));
	}

	@Test
	void listsStandSideBySide() throws IOException {
		Message message = Message.of(Message.TABLE).withList("key", List.of("a", "b")).withList("name", List.of("c"));
		assertThat(message.list("key")).containsExactly("a", "b");
		assertThat(message.list("name")).containsExactly("c");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "listeners: 2\nlisteners.0: a\n", "listeners: 1\nlisteners.1: a\n", "listeners: 2000000000\n" })
	void aListThatIsNotWholeIsRefused(String lines) throws IOException {
		Message message = decode("gozd/1 PREPARED\n" + lines);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> message.list("listeners"))
			.withMessageStartingWith("PREPARED has no 'listeners.");
	}

	@Test
	void aListWithoutALengthIsRefused() throws IOException {
		Message message = decode("gozd/1 PREPARED\nlisteners: all\n");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> message.list("listeners"))
			.withMessage("PREPARED has no number 'listeners'");
	}

	@Test
	void anEmptyValueIsAValue() throws IOException {
		assertSame(Message.of(Message.ABORT, ""), "gozd/1 ABORT\nreason: \n");
	}

	@Test
	void typesAndFieldsOfANewerReleaseAreKept() throws IOException {
		Message message = decode("gozd/1 PAUSE\nsince: 2031\nwhy: who knows\n");
		assertThat(message.type()).isEqualTo("PAUSE");
		assertThat(message.fields()).containsExactly(Map.entry("since", "2031"), Map.entry("why", "who knows"));
	}

	@Test
	void moreWordsInTheFirstLineMeanNothingToThisRelease() throws IOException {
		assertThat(decode("gozd/1 COMMIT urgently\n")).isEqualTo(Message.of(Message.COMMIT));
	}

	@Test
	void aMessageMayEndWithoutALineBreak() throws IOException {
		assertThat(decode("gozd/1 OWNER\nreload-pending: true").field("reload-pending")).isEqualTo("true");
	}

	@Test
	void aFieldThatTheSenderDoesNotKnowIsNull() {
		assertThat(Message.of(Message.OWNER).field("reload-pending")).isNull();
	}

	@Test
	void fieldsAreACopy() {
		Map<String, String> fields = new LinkedHashMap<>(Map.of("a", "1"));
		Message message = new Message("X", fields);
		fields.put("b", "2");
		assertThat(message.fields()).containsOnlyKeys("a");
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(message.fields()::clear);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gozd/2 HELLO\n", "gozd/10 HELLO\n", "gozd/ HELLO\n", "gozd/1.1 HELLO\n" })
	void anotherVersionIsRefusedAndBothVersionsAreSaid(String text) {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> decode(text))
			.withMessageContaining("this release speaks gozd/1")
			.withMessageContaining(text.substring(0, text.indexOf(' ')));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n", "\n\n", "gozd/1", "gozd/1\n", "GET / HTTP/1.1\r\nHost: x\r\n", "HELLO gozd/1\n",
			"\0\0\0\0", " gozd/1 HELLO" })
	void whatIsNoMessageIsRefused(String text) {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> decode(text))
			.withMessage("Not a message of gozd");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gozd/1 HELLO\npid\n", "gozd/1 HELLO\npid:4711\n", "gozd/1 HELLO\n: 4711\n",
			"gozd/1 HELLO\n\npid: 4711\n" })
	void whatIsNoFieldIsRefused(String text) {
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> decode(text))
			.withMessage("Not a field of a message: line 2");
	}

	@Test
	void numbersAreRead() throws IOException {
		assertThat(decode("gozd/1 TABLE\nlisteners: 12\n").number("listeners")).isEqualTo(12);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gozd/1 TABLE\n", "gozd/1 TABLE\nlisteners: \n", "gozd/1 TABLE\nlisteners: many\n",
			"gozd/1 TABLE\nlisteners: 99999999999\n" })
	void aNumberThatIsNoneIsRefused(String text) throws IOException {
		Message message = decode(text);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> message.number("listeners"))
			.withMessage("TABLE has no number 'listeners'");
	}

	private static void assertSame(Message message, String text) throws IOException {
		assertThat(new String(message.encode(), StandardCharsets.UTF_8)).isEqualTo(text);
		assertThat(decode(text)).isEqualTo(message);
	}

	private static Message decode(String text) throws IOException {
		return Message.decode(text.getBytes(StandardCharsets.UTF_8));
	}

}
