package io.gozd.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the threads of a process may, as the kernel says it (proc(5)): to it each thread
 * has a user of its own.
 *
 * @param tasks {@code /proc/self/task}
 */
record ThreadRights(Path tasks) {

	private static final List<String> CAPABILITIES = List.of("CapPrm", "CapEff", "CapAmb");

	static ThreadRights ofThisProcess() {
		return new ThreadRights(Path.of("/proc/self/task"));
	}

	/**
	 * See that every thread is that user, and has no capability.
	 * @throws IOException if one is not; the message says what it has
	 */
	void check(Account account) throws IOException {
		try (DirectoryStream<Path> threads = Files.newDirectoryStream(this.tasks)) {
			for (Path thread : threads) {
				check(thread, account);
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	private static void check(Path thread, Account account) throws IOException {
		Map<String, String> status;
		try {
			status = status(thread.resolve("status"));
		}
		catch (IOException ex) {
			if (Files.notExists(thread.resolve("status"))) {
				// It has ended, perhaps between open and read (ESRCH).
				return;
			}
			throw ex;
		}
		expect(thread, status, "Uid", ids(List.of(account.uid())));
		expect(thread, status, "Gid", ids(List.of(account.gid())));
		expect(thread, status, "Groups", ids(account.groups()));
		for (String capabilities : CAPABILITIES) {
			String value = status.getOrDefault(capabilities, "0");
			if (!value.matches("0+")) {
				throw new IOException("thread " + thread.getFileName() + " keeps " + capabilities + " " + value);
			}
		}
	}

	/** Real, effective, saved and file system id are to be the same. */
	private static void expect(Path thread, Map<String, String> status, String key, Set<String> expected)
			throws IOException {
		String value = status.getOrDefault(key, "").trim();
		Set<String> found = new TreeSet<>(value.isEmpty() ? List.of() : List.of(value.split("\\s+")));
		if (!found.equals(expected)) {
			throw new IOException("thread " + thread.getFileName() + " has " + key + " " + value);
		}
	}

	private static Set<String> ids(List<Long> ids) {
		Set<String> text = new TreeSet<>();
		ids.forEach((id) -> text.add(Long.toString(id)));
		return text;
	}

	private static Map<String, String> status(Path file) throws IOException {
		Map<String, String> status = new HashMap<>();
		for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
			int colon = line.indexOf(':');
			if (colon > 0) {
				status.put(line.substring(0, colon), line.substring(colon + 1).trim());
			}
		}
		return status;
	}

}
