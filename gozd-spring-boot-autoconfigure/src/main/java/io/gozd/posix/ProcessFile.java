package io.gozd.posix;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What Linux tells of a process under {@code /proc} (proc(5)), without native code.
 *
 * @param directory the folder of the process, {@code /proc/self} or {@code /proc/<pid>}
 */
public record ProcessFile(Path directory) {

	/**
	 * Return the process that asks.
	 * @return this process
	 */
	public static ProcessFile self() {
		return new ProcessFile(Path.of("/proc/self"));
	}

	/**
	 * Return any process.
	 * @param pid its number
	 * @return the process, which need not exist
	 */
	public static ProcessFile of(long pid) {
		return new ProcessFile(Path.of("/proc", Long.toString(pid)));
	}

	/**
	 * Return whether the process exists and has not ended: a zombie has.
	 * @return whether it runs
	 */
	public boolean isAlive() {
		try {
			String state = statFields()[0];
			return !state.equals("Z") && !state.equals("X");
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return the process that started it, or that inherited it.
	 * @return the parent's pid
	 * @throws IOException if there is no such process
	 */
	public long parent() throws IOException {
		return Long.parseLong(statFields()[1]);
	}

	/**
	 * Return the arguments as given to execve(2): symbolic links unresolved, argument
	 * files unexpanded.
	 * @return the arguments, the program first
	 * @throws IOException if there is no such process
	 */
	public List<String> commandLine() throws IOException {
		byte[] bytes = Files.readAllBytes(this.directory.resolve("cmdline"));
		Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
		String all = new String(bytes, charset);
		if (!Arrays.equals(all.getBytes(charset), bytes)) {
			throw new IOException("The command line can't be repeated: it has characters that the locale of this"
					+ " process (" + charset + ") does not know. Start the daemon with a UTF-8 locale, LANG=C.UTF-8");
		}
		return List.of((all.endsWith("\0") ? all.substring(0, all.length() - 1) : all).split("\0", -1));
	}

	/**
	 * Return the user whose rights the process has.
	 * @return the effective uid
	 * @throws IOException if there is no such process
	 */
	public long effectiveUser() throws IOException {
		return effectiveId("Uid:");
	}

	/**
	 * Return the group whose rights the process has.
	 * @return the effective gid
	 * @throws IOException if there is no such process
	 */
	public long effectiveGroup() throws IOException {
		return effectiveId("Gid:");
	}

	// Not the owner of these files: that is root where the process has changed its user.
	private long effectiveId(String key) throws IOException {
		for (String line : Files.readAllLines(this.directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
			if (line.startsWith(key)) {
				return Long.parseLong(line.trim().split("\\s+")[2]);
			}
		}
		throw new IOException(this.directory + "/status does not say " + key);
	}

	/**
	 * Return a number from the process's status file.
	 * @param key what stands before the colon: {@code VmRSS} (kibibytes), {@code SigIgn}
	 * @param radix how the number is written
	 * @return the number, or nothing where the kernel does not tell
	 */
	public Optional<Long> status(String key, int radix) {
		try {
			for (String line : Files.readAllLines(this.directory.resolve("status"), StandardCharsets.ISO_8859_1)) {
				if (line.startsWith(key + ":")) {
					String value = line.substring(key.length() + 1).trim().split("\\s+")[0];
					return Optional.of(Long.parseUnsignedLong(value, radix));
				}
			}
		}
		catch (IOException ex) {
			// No such process, or no /proc: nothing is known.
		}
		return Optional.empty();
	}

	// The second field is the program's name, which may hold blanks and parentheses.
	private String[] statFields() throws IOException {
		String stat = Files.readString(this.directory.resolve("stat"), StandardCharsets.ISO_8859_1);
		return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
	}

}
