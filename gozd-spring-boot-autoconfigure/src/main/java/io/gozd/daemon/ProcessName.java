package io.gozd.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The short name of this process, which {@code ps} and {@code top} show: it tells that
 * this generation drains. It is the name of the first thread, whoever writes it
 * ({@code /proc/<pid>/comm}, proc(5)).
 */
final class ProcessName {

	private static final Log logger = LogFactory.getLog(ProcessName.class);

	/** TASK_COMM_LEN of the kernel, without the zero at the end. */
	private static final int LONGEST = 15;

	/** How the name of a process ends that drains. */
	static final String DRAINING = " (draining)";

	private final Path file;

	private @Nullable String before;

	/**
	 * Create it; the name stays what it is.
	 * @param file the file that holds the name
	 */
	ProcessName(Path file) {
		this.file = file;
	}

	static ProcessName ofThisProcess() {
		return new ProcessName(Path.of("/proc/self/comm"));
	}

	/** Tell that this process drains. */
	void draining() {
		try {
			if (this.before == null) {
				this.before = Files.readString(this.file, StandardCharsets.ISO_8859_1).strip();
			}
			write(cut(this.before, LONGEST - DRAINING.length()) + DRAINING);
		}
		catch (IOException ex) {
			logger.debug("The short name of this process can't be changed", ex);
		}
	}

	/** Have the name from before again. */
	void restore() {
		String before = this.before;
		if (before != null) {
			this.before = null;
			try {
				write(before);
			}
			catch (IOException ex) {
				logger.debug("The short name of this process can't be changed", ex);
			}
		}
	}

	private static String cut(String text, int length) {
		return text.substring(0, Math.min(length, text.length()));
	}

	/** In one call: each one is a name. */
	private void write(String name) throws IOException {
		byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
		Files.write(this.file, Arrays.copyOf(bytes, Math.min(LONGEST, bytes.length)), StandardOpenOption.WRITE);
	}

}
