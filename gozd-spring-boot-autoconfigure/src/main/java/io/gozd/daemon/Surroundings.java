package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.gozd.posix.ProcessFile;
import org.jspecify.annotations.Nullable;

/**
 * What started this process, and whether it takes the end of this process for the end of
 * the daemon: then a successor would die with its incumbent, when the drain is over.
 */
final class Surroundings {

	private static final String INSTEAD = ": the successor would end with this process. Set gozd.resident=true, or replace the container instead";

	/** They end with the one process that they start, and with them the container. */
	private static final Set<String> INITS_OF_CONTAINERS = Set.of("tini", "docker-init", "dumb-init", "catatonit",
			"podman-init");

	private static final Set<String> SHELLS = Set.of("sh", "bash", "dash", "ash", "busybox");

	private Surroundings() {
	}

	/**
	 * Say why this process can't be replaced where it runs.
	 * @param pid this process
	 * @param parent its parent's pid; 0 if that is not of this pid namespace
	 * @param parentCommand the parent's command line
	 * @param systemdExecPid the variable {@code SYSTEMD_EXEC_PID} (systemd.exec(5))
	 * @param notifySocket the variable {@code NOTIFY_SOCKET}: systemd can be told then
	 * that another process is the main one
	 * @return the reason, or nothing
	 */
	static Optional<String> obstacle(long pid, long parent, List<String> parentCommand, @Nullable String systemdExecPid,
			@Nullable String notifySocket) {
		if (pid == 1) {
			return Optional.of("This process is pid 1" + INSTEAD);
		}
		if (parent == 0) {
			return Optional
				.of("This process was started from outside its pid namespace, as that of a container is" + INSTEAD);
		}
		String program = program(parentCommand);
		if (parent == 1
				&& (INITS_OF_CONTAINERS.contains(program) || (SHELLS.contains(program) && parentCommand.size() > 1))) {
			return Optional.of("Pid 1 is " + program + ", which ends with this process" + INSTEAD);
		}
		if (Long.toString(pid).equals(systemdExecPid) && notifySocket == null) {
			return Optional.of("systemd takes the end of this process for the end of the service, and would end the"
					+ " successor. Use Type=notify or notify-reload, as docs/systemd shows");
		}
		return Optional.empty();
	}

	private static String program(List<String> command) {
		Path file = Path.of(command.isEmpty() ? "" : command.get(0)).getFileName();
		return (file != null) ? file.toString() : "";
	}

	static void check() throws IOException {
		long parent = ProcessFile.self().parent();
		Optional<String> obstacle = obstacle(ProcessHandle.current().pid(), parent, commandLine(parent),
				System.getenv("SYSTEMD_EXEC_PID"), System.getenv("NOTIFY_SOCKET"));
		if (obstacle.isPresent()) {
			throw new IOException(obstacle.get());
		}
	}

	private static List<String> commandLine(long pid) {
		try {
			return ProcessFile.of(pid).commandLine();
		}
		catch (IOException ex) {
			// Not to be seen by this user: not checked.
			return List.of();
		}
	}

}
