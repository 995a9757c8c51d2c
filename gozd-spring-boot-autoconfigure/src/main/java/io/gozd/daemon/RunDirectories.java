package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Where the run directory of a daemon is: where the incumbent has it, where the
 * configuration says, or where the user's own files of this kind are.
 */
final class RunDirectories {

	private static final Log logger = LogFactory.getLog(RunDirectories.class);

	private final DaemonSettings settings;

	private final long user;

	RunDirectories(DaemonSettings settings, long user) {
		this.settings = settings;
		this.user = user;
	}

	RunDirectory open(Optional<Path> inheritedSocket) {
		if (inheritedSocket.isPresent()) {
			Path inherited = inheritedSocket.get().getParent();
			Path configured = this.settings.runDirectory();
			if (configured != null && !configured.equals(inherited)) {
				logger.warn("gozd.run-directory=" + configured + " counts from the next start on: until then it is "
						+ inherited);
			}
			return new RunDirectory(inherited, isTemporary(inherited));
		}
		if (this.settings.runDirectory() != null) {
			return configured(this.settings.runDirectory());
		}
		return byDefault();
	}

	private RunDirectory configured(Path path) {
		try {
			return RunDirectory.prepare(path, false, this.user);
		}
		catch (IOException ex) {
			throw new DaemonException("gozd.run-directory=" + path + " can't be used: " + ex.getMessage(),
					"Name a directory that this user owns or can create, with a short path");
		}
	}

	private RunDirectory byDefault() {
		Path path = home().resolve(this.settings.name().replaceAll("[^A-Za-z0-9._-]|^\\.", "_"));
		try {
			RunDirectory directory = RunDirectory.prepare(path, false, this.user);
			if (this.settings.named() || directory.isFree()) {
				return directory;
			}
			logger.info("Another daemon is called " + this.settings.name()
					+ ": this one has a run directory of its own. gozd.name tells them apart");
		}
		catch (IOException ex) {
			logger.info("No run directory at " + path + " (" + ex.getMessage()
					+ "): this daemon has a temporary one. gozd.run-directory names another");
		}
		return temporary();
	}

	private Path home() {
		String runtime = System.getenv("XDG_RUNTIME_DIR");
		if (this.user == 0) {
			return Path.of("/run/gozd");
		}
		return (runtime != null && !runtime.isEmpty()) ? Path.of(runtime, "gozd")
				: Path.of(System.getProperty("user.home"), ".gozd");
	}

	private RunDirectory temporary() {
		try {
			return RunDirectory.prepare(Files.createTempDirectory("gozd-run-"), true, this.user);
		}
		catch (IOException ex) {
			throw new DaemonException("There is no place for the control socket of the daemon: " + ex.getMessage(),
					"Set gozd.run-directory to a directory that this user can write to, or gozd.enabled=false");
		}
	}

	private static boolean isTemporary(Path path) {
		return path.getFileName().toString().startsWith("gozd-run-");
	}

	static DaemonException alreadyRuns(DaemonSettings settings, RunDirectory directory) {
		return new DaemonException(
				"The daemon " + settings.name() + " runs already"
						+ directory.owner().map((pid) -> " as pid " + pid).orElse("") + " (run directory "
						+ directory.path() + ")",
				"Reload it with kill -HUP, stop it with kill -TERM and wait until it has drained, or give this one another"
						+ " gozd.name or gozd.run-directory");
	}

}
