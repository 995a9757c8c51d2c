package io.gozd.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many files a process may have open (getrlimit(2)).
 *
 * @param soft what counts
 * @param hard up to where the process may raise that by itself
 */
public record FileLimit(long soft, long hard) {

	private static final String KEY = "Max open files";

	/**
	 * Read the limits of this process from {@code /proc/self/limits}.
	 * @return its limits
	 * @throws IOException if the kernel does not tell
	 */
	public static FileLimit ofThisProcess() throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc/self/limits"), StandardCharsets.ISO_8859_1)) {
			if (line.startsWith(KEY)) {
				String[] values = line.substring(KEY.length()).trim().split("\\s+");
				return new FileLimit(Long.parseLong(values[0]), Long.parseLong(values[1]));
			}
		}
		throw new IOException("/proc/self/limits has no '" + KEY + "'");
	}

}
