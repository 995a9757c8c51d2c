package io.gozd.daemon;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

import io.gozd.posix.ProcessFile;

/**
 * A process that is proven to be one of a daemon's, so that it may be ended.
 *
 * @param process as which generation it listens
 * @param handle the process itself; the JDK signals it only while it means the same one
 */
public record ProvenProcess(GenerationProcess process, ProcessHandle handle) {

	/**
	 * Return its number.
	 * @return the pid
	 */
	public long pid() {
		return this.handle.pid();
	}

	/**
	 * Return whether it runs.
	 * @return whether it does
	 */
	public boolean isAlive() {
		return isAlive(this.handle);
	}

	/**
	 * Return whether a process runs: a zombie has ended, whoever has not waited for it.
	 * @param handle the process
	 * @return whether it does
	 */
	public static boolean isAlive(ProcessHandle handle) {
		return handle.isAlive() && ProcessFile.of(handle.pid()).isAlive();
	}

	/**
	 * Return whether it tells by its short name that it drains: a signal would end it at
	 * once.
	 * @return whether it does
	 */
	public boolean isDraining() {
		try {
			Path name = ProcessFile.of(pid()).directory().resolve("comm");
			return Files.readString(name, StandardCharsets.ISO_8859_1).strip().endsWith(ProcessName.DRAINING);
		}
		catch (IOException ex) {
			// It has ended.
			return false;
		}
	}

	/**
	 * Send it TERM.
	 * @throws IOException if this user may not
	 */
	public void terminate() throws IOException {
		check(this.handle, this.handle.destroy());
	}

	/**
	 * Kill it, with the successors that it has started: alone they would go on. It can't
	 * be seen that one is being started in this very moment, so the control socket is
	 * moved away first: who does not find it there any more gives up.
	 * @return those that were killed, which take a moment to end
	 * @throws IOException if this user may not
	 */
	public List<ProcessHandle> kill() throws IOException {
		Path aside = this.process.socket().resolveSibling(this.process.socket().getFileName() + ".old");
		List<ProcessHandle> successors = killMoved(aside);
		for (ProcessHandle successor : successors) {
			check(successor, successor.destroyForcibly());
		}
		Files.deleteIfExists(aside);
		return Stream.concat(Stream.of(this.handle), successors.stream()).toList();
	}

	private List<ProcessHandle> killMoved(Path aside) throws IOException {
		Thread atExit = new Thread(() -> moveBack(aside));
		Runtime.getRuntime().addShutdownHook(atExit);
		move(this.process.socket(), aside);
		List<ProcessHandle> successors;
		boolean killed = false;
		try {
			successors = successors();
			killed = this.handle.destroyForcibly();
		}
		finally {
			if (!killed) {
				moveBack(aside);
			}
			removeHook(atExit);
		}
		check(this.handle, killed);
		return successors;
	}

	/** Who gives up the command has not hidden a daemon that lives. */
	private void moveBack(Path aside) {
		try {
			move(aside, this.process.socket());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The control socket of pid " + pid() + " stays at " + aside, ex);
		}
	}

	private static void removeHook(Thread hook) {
		try {
			Runtime.getRuntime().removeShutdownHook(hook);
		}
		catch (IllegalStateException ex) {
			// It runs.
		}
	}

	private static void move(Path from, Path to) throws IOException {
		try {
			Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (NoSuchFileException ex) {
			// It has ended, or was killed before.
		}
	}

	/** The kernel lets nobody but root signal another user's process. */
	static void check(ProcessHandle handle, boolean signalled) throws IOException {
		if (!signalled && handle.isAlive()) {
			throw new IOException("Pid " + handle.pid() + " can't be signalled by this user: try as root");
		}
	}

	private List<ProcessHandle> successors() {
		try (Stream<ProcessHandle> children = this.handle.children()) {
			return children.filter((child) -> isSuccessor(child.pid())).toList();
		}
	}

	private boolean isSuccessor(long pid) {
		ProcessFile process = ProcessFile.of(pid);
		try {
			if (process.effectiveUser() != ProcessFile.of(pid()).effectiveUser()) {
				// Whoever has the daemon must not choose whom root kills.
				return false;
			}
			String prefix = HandoverAddress.VARIABLE + "=";
			String environment = Files.readString(process.directory().resolve("environ"), StandardCharsets.ISO_8859_1);
			return Stream.of(environment.split("\0"))
				.filter((entry) -> entry.startsWith(prefix))
				.anyMatch((entry) -> HandoverAddress.of(entry.substring(prefix.length()), process).isPresent());
		}
		catch (IOException ex) {
			// It has ended, or changed its user: then it listens.
			return false;
		}
	}

}
