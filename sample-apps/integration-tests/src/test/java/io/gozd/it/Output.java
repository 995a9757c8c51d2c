package io.gozd.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a daemon has written, all its generations to one file.
 *
 * @param file the file
 */
record Output(Path file) {

	private static final int QUOTED = 80;

	String text() {
		return since(0);
	}

	/**
	 * The place to look from for what is written from now on.
	 */
	int mark() {
		return bytes().length;
	}

	String since(int mark) {
		byte[] bytes = bytes();
		return new String(bytes, mark, bytes.length - mark, StandardCharsets.UTF_8);
	}

	private byte[] bytes() {
		try {
			return Files.readAllBytes(this.file);
		}
		catch (NoSuchFileException ex) {
			// Not there yet, or moved away.
			return new byte[0];
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Waits for the pattern and returns its first match.
	 */
	String await(int mark, Pattern pattern, Duration limit) {
		Deadline.in(limit).await("output with " + pattern, () -> pattern.matcher(since(mark)).find(), this::tail);
		Matcher matcher = pattern.matcher(since(mark));
		if (!matcher.find()) {
			throw new AssertionError("The output has lost " + pattern);
		}
		return matcher.group();
	}

	List<String> lines(int mark, Pattern pattern) {
		return since(mark).lines().filter((line) -> pattern.matcher(line).find()).toList();
	}

	String tail() {
		List<String> lines = text().lines().toList();
		return "--- last lines of " + this.file.getFileName() + "\n"
				+ String.join("\n", lines.subList(Math.max(0, lines.size() - QUOTED), lines.size())) + "\n---";
	}

}
