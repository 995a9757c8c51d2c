package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.posix.ProcessFile;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a daemon, as a process sees them that is none of them: found by its
 * run directory, and asked over their control sockets. What a file says is believed only
 * where a process answers.
 */
public final class DaemonProcesses {

	private static final int ANSWER_MILLIS = 5000;

	private final RunDirectory directory;

	private final @Nullable Path pidfile;

	private final boolean chosen;

	private DaemonProcesses(RunDirectory directory, @Nullable Path pidfile, boolean chosen) {
		this.directory = directory;
		this.pidfile = pidfile;
		this.chosen = chosen;
	}

	/**
	 * Find the place where the processes of a daemon are to be looked for.
	 * @param settings the name and the run directory
	 * @return the place, which need not exist
	 * @throws IOException if this user may not look there, or it is another user's
	 */
	public static DaemonProcesses of(DaemonSettings settings) throws IOException {
		long user = ProcessFile.self().effectiveUser();
		Path path = RunDirectories.place(settings, user);
		try {
			long owner = ((Number) Files.getAttribute(path, "unix:uid")).longValue();
			if (user != 0 && owner != user) {
				throw new IOException(
						"The run directory " + path + " is another user's: " + Files.getOwner(path).getName());
			}
		}
		catch (NoSuchFileException ex) {
			// Nobody has ever started it.
		}
		catch (AccessDeniedException ex) {
			throw new IOException("The run directory " + path + " is another user's", ex);
		}
		return new DaemonProcesses(new RunDirectory(path, false), settings.pidfile(),
				settings.named() || settings.runDirectory() != null);
	}

	/**
	 * Return where they are looked for.
	 * @return the run directory
	 */
	public Path directory() {
		return this.directory.path();
	}

	/**
	 * Check that what lives there is the daemon that is meant. Where nobody has chosen
	 * its name, another one may have come first: then it must run what this process does.
	 * @throws IOException if it is another one, or does not tell
	 */
	public void check() throws IOException {
		List<GenerationProcess> all = this.chosen ? List.of() : all();
		if (all.isEmpty()) {
			return;
		}
		GenerationProcess process = incumbent().orElse(all.get(all.size() - 1));
		String way = ". gozd.name tells daemons apart, --gozd.run-directory=" + directory() + " means this one";
		Message status;
		try (MessageChannel channel = process.ask(Message.of(Message.STATUS), ANSWER_MILLIS)) {
			status = channel.receive();
		}
		catch (IOException ex) {
			throw new IOException(
					"Pid " + process.pid() + " does not tell what it runs (" + ex.getMessage() + ")" + way, ex);
		}
		if (!Program.ofThisProcess(CommandLine.workingDirectory()).isRunBy(status)) {
			throw new IOException("Pid " + process.pid() + " runs another jar, or with other arguments" + way);
		}
	}

	/**
	 * Return the process that has the daemon: the one that the control socket names, or,
	 * where somebody has removed that or it has died, the newest that says so.
	 * @return the process, or nothing if there is none that lives
	 * @throws IOException if the run directory can't be read, or is not one of gozd's
	 */
	public Optional<GenerationProcess> incumbent() throws IOException {
		Optional<GenerationProcess> named = named().filter(GenerationProcess::lives);
		return named.isPresent() ? named
				: all().stream().filter(GenerationProcess::serves).reduce((older, newer) -> newer);
	}

	/**
	 * Return whether all that is left of the daemon ends.
	 * @return whether each process that lives says so
	 * @throws IOException if the run directory can't be read
	 */
	public boolean ends() throws IOException {
		return all().stream().allMatch(GenerationProcess::ends);
	}

	/**
	 * Return the process that had the daemon last, without asking whether it lives.
	 * @return the process that the control socket names
	 * @throws IOException if the run directory can't be read, or is not one of gozd's
	 */
	public Optional<GenerationProcess> named() throws IOException {
		try {
			Path name = Files.readSymbolicLink(this.directory.controlSocket()).getFileName();
			Path socket = this.directory.path().resolve(name);
			return RunDirectory.isSocketOfGeneration(socket) ? Optional.of(GenerationProcess.at(socket))
					: Optional.empty();
		}
		catch (NoSuchFileException ex) {
			return Optional.empty();
		}
		catch (NotLinkException ex) {
			throw new IOException(this.directory.controlSocket() + " was not made by a daemon of gozd", ex);
		}
	}

	/** The process of a daemon that has just been started, whether it listens or not. */
	GenerationProcess first(long pid) {
		return new GenerationProcess(1, pid, this.directory.socket(1, pid));
	}

	/**
	 * Return every process of the daemon that listens on a control socket.
	 * @return the processes, the oldest first
	 * @throws IOException if the run directory can't be read
	 */
	public List<GenerationProcess> all() throws IOException {
		return others(Set.of());
	}

	/**
	 * Return every process of the daemon that listens on a control socket, but some.
	 * @param known processes that are not asked
	 * @return the processes, the oldest first
	 * @throws IOException if the run directory can't be read
	 */
	public List<GenerationProcess> others(Set<GenerationProcess> known) throws IOException {
		if (!Files.exists(this.directory.path())) {
			return List.of();
		}
		return this.directory.sockets()
			.stream()
			.map(GenerationProcess::at)
			.filter((process) -> !known.contains(process) && process.lives())
			.toList();
	}

	/**
	 * Remove the files of a process that was killed.
	 * @param process the process
	 */
	public void tidyUp(GenerationProcess process) {
		new DaemonFiles(this.directory, this.pidfile, null, process.generation(), process.pid()).leave();
	}

}
