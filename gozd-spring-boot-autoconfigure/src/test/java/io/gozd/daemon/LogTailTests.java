package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogTail}.
 */
class LogTailTests {

	@TempDir
	private Path directory;

	private Path file;

	@BeforeEach
	void name() {
		this.file = this.directory.resolve("my.log");
	}

	@Test
	void quotesWhatWasWrittenSince() throws IOException {
		Files.writeString(this.file, "old\n");
		LogTail tail = LogTail.of(this.file);
		append("one\ntwo\n");
		assertThat(tail.lastLines()).containsExactly("one", "two");
	}

	@Test
	void aFileThatIsMadeLaterIsQuotedFromItsBeginning() throws IOException {
		LogTail tail = LogTail.of(this.file);
		assertThat(tail.lastLines()).isEmpty();
		Files.writeString(this.file, "first\n");
		assertThat(tail.lastLines()).containsExactly("first");
	}

	@Test
	void aFileThatWasRotatedIsQuotedFromItsBeginning() throws IOException {
		Files.writeString(this.file, "long before\n");
		LogTail tail = LogTail.of(this.file);
		Files.writeString(this.file, "new\n");
		assertThat(tail.lastLines()).containsExactly("new");
	}

	@Test
	void onlyTheLastLinesAreQuotedAndNoneInPart() throws IOException {
		LogTail tail = LogTail.of(this.file);
		append("x".repeat(20_000) + "\n");
		assertThat(tail.lastLines()).isEmpty();
		append(IntStream.range(0, 100).mapToObj((number) -> "line " + number + "\n").reduce("", String::concat));
		assertThat(tail.lastLines()).hasSize(30).startsWith("line 70").endsWith("line 99");
	}

	@Test
	void withoutAFileThereIsNothing() {
		assertThat(LogTail.of(null).lastLines()).isEmpty();
		assertThat(LogTail.of(this.directory).lastLines()).isEmpty();
	}

	private void append(String text) throws IOException {
		Files.writeString(this.file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
