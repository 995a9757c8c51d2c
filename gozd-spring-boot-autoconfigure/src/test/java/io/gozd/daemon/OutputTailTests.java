package io.gozd.daemon;

import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.gozd.posix.Descriptors;
import io.gozd.posix.NativePosix;
import io.gozd.posix.Posix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * With what a successor says on stderr: stdout of this JVM belongs to who runs the tests.
 */
final class OutputTailTests {

	private static final int STDERR = 2;

	private final Posix posix = NativePosix.get();

	@TempDir
	private Path directory;

	private Path passedOn;

	private int saved;

	@BeforeEach
	void redirect() throws IOException {
		this.saved = Descriptors.duplicate(this.posix, STDERR);
		this.passedOn = Files.createFile(this.directory.resolve("stderr"));
		try (FileOutputStream file = new FileOutputStream(this.passedOn.toFile())) {
			this.posix.duplicate(Descriptors.of(this.passedOn), STDERR);
			assertThat(file.getFD().valid()).isTrue();
		}
	}

	@AfterEach
	void restore() throws IOException {
		this.posix.duplicate(this.saved, STDERR);
		this.posix.close(this.saved);
	}

	@Test
	void everythingIsPassedOnByteByByte() {
		String text = "zażółć\r\n" + "x".repeat(20_000) + "\nend";
		tail(text);
		assertThat(this.passedOn).hasContent(text);
	}

	/** Other processes write to the same file, and between two writes. */
	@Test
	@Timeout(60)
	void aLineIsPassedOnInOnePiece() throws Exception {
		try (PipedOutputStream successor = new PipedOutputStream()) {
			OutputTail tail = OutputTail.of(new FakeProcess(new PipedInputStream(successor)));
			successor.write("one\ntw".getBytes(StandardCharsets.UTF_8));
			successor.flush();
			while (Files.size(this.passedOn) == 0) {
				Thread.onSpinWait();
			}
			assertThat(this.passedOn).content().isEqualTo("one\n");
			successor.write("o\nend".getBytes(StandardCharsets.UTF_8));
			successor.close();
			assertThat(tail.lastLines()).containsExactly("one", "two", "end");
		}
		assertThat(this.passedOn).hasContent("one\ntwo\nend");
	}

	@Test
	void theLastThirtyLinesAreKept() {
		String text = IntStream.rangeClosed(1, 40).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
		List<String> lines = tail(text + "\n");
		assertThat(lines).hasSize(30).startsWith("11", "12").endsWith("39", "40");
	}

	@Test
	void aLineThatIsNotEndedIsALine() {
		assertThat(tail("one\ntwo")).containsExactly("one", "two");
	}

	@Test
	void aLongLineIsCut() {
		assertThat(tail("x".repeat(600) + "\nend\n")).containsExactly("x".repeat(500), "end");
	}

	@Test
	void carriageReturnsAndBlanksAtTheEndAreLeftOut() {
		assertThat(tail("one \r\n\ntwo\n")).containsExactly("one", "", "two");
	}

	@Test
	void whoSaysNothingHasNoLines() {
		assertThat(tail("")).isEmpty();
	}

	@Test
	void aStreamThatBreaksKeepsWhatCame() {
		FakeProcess process = new FakeProcess(new InputStream() {

			private final InputStream text = new ByteArrayInputStream("last words\n".getBytes(StandardCharsets.UTF_8));

			@Override
			public int read() throws IOException {
				throw new IOException("Stream closed");
			}

			@Override
			public int read(byte[] buffer, int offset, int length) throws IOException {
				int count = this.text.read(buffer, offset, length);
				return (count >= 0) ? count : read();
			}

		});
		assertThat(OutputTail.of(process).lastLines()).containsExactly("last words");
	}

	private static List<String> tail(String text) {
		return OutputTail.of(new FakeProcess(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
			.lastLines();
	}

	private static final class FakeProcess extends Process {

		private final InputStream errors;

		private FakeProcess(InputStream errors) {
			this.errors = errors;
		}

		@Override
		public InputStream getInputStream() {
			return InputStream.nullInputStream();
		}

		@Override
		public InputStream getErrorStream() {
			return this.errors;
		}

		@Override
		public OutputStream getOutputStream() {
			return OutputStream.nullOutputStream();
		}

		@Override
		public int waitFor() {
			return 0;
		}

		@Override
		public int exitValue() {
			return 0;
		}

		@Override
		public void destroy() {
			// It has ended.
		}

	}

}
