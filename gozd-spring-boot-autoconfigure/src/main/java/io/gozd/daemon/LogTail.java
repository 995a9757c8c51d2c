package io.gozd.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is written to a log file from some moment on, to quote should a start fail.
 *
 * @param file the file, or null if there is none
 * @param mark how long it was at that moment
 */
record LogTail(@Nullable Path file, long mark) {

	private static final int LINES = 30;

	private static final int LINE_LENGTH = 500;

	private static final int MOST = LINES * LINE_LENGTH;

	static LogTail of(@Nullable Path file) {
		return new LogTail(file, (file != null) ? file.toFile().length() : 0);
	}

	/** The last lines since then; none where the file can't be read. */
	List<String> lastLines() {
		if (this.file == null || !Files.isRegularFile(this.file)) {
			return List.of();
		}
		try (FileChannel channel = FileChannel.open(this.file)) {
			// A shorter one is another one: it was rotated.
			long from = (channel.size() < this.mark) ? 0 : this.mark;
			boolean whole = channel.size() - from <= MOST;
			ByteBuffer bytes = ByteBuffer.allocate(MOST);
			channel.position(whole ? from : channel.size() - MOST);
			while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
				// Until there is no more.
			}
			List<String> lines = new String(bytes.array(), 0, bytes.position(), Charset.defaultCharset()).lines()
				.map((line) -> line.substring(0, Math.min(line.length(), LINE_LENGTH)))
				.toList();
			int first = Math.max(whole ? 0 : 1, lines.size() - LINES);
			return lines.subList(Math.min(first, lines.size()), lines.size());
		}
		catch (IOException ex) {
			return List.of();
		}
	}

}
