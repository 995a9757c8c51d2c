package io.gozd.daemon;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import io.gozd.listener.SocketFile;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Where the run directory of a daemon is: where the incumbent has it, where the
 * configuration says, or where the user's own files of this kind are.
 */
final class RunDirectories {

	private static final Log logger = LogFactory.getLog(RunDirectories.class);

	/** Where the run directories are of daemons that root starts. */
	static final Path OF_ROOT = Path.of("/run/gozd");

	private static final String TEMPORARY = "gozd-run-";

	private final DaemonSettings settings;

	private final long user;

	private final int generation;

	private final long pid;

	private final Path place;

	RunDirectories(DaemonSettings settings, long user, int generation, long pid) {
		this(settings, user, generation, pid, place(settings, user));
	}

	/**
	 * Create it for a daemon whose directory is ready.
	 * @param place where that is
	 */
	RunDirectories(DaemonSettings settings, long user, int generation, long pid, Path place) {
		this.settings = settings;
		this.user = user;
		this.generation = generation;
		this.pid = pid;
		this.place = place;
	}

	/**
	 * Where the directory is of a daemon that a user starts, unless it has had to take a
	 * temporary one.
	 */
	static Path place(DaemonSettings settings, long user) {
		Path configured = settings.runDirectory();
		return (configured != null) ? configured : place(settings.name(), homes(user));
	}

	/**
	 * Find the directory and listen in it, as the one daemon that does.
	 * @param inheritedSocket the control socket of the incumbent, if there is one
	 * @return the directory, with a socket that the caller owns
	 * @throws DaemonException if there is no place, or somebody else is there
	 */
	Claim claim(Optional<Path> inheritedSocket) {
		Path configured = this.settings.runDirectory();
		if (inheritedSocket.isPresent()) {
			Path inherited = inheritedSocket.get().getParent();
			if (configured != null && !configured.equals(inherited)) {
				logger.warn("gozd.run-directory=" + configured + " counts from the next start on: until then it is "
						+ inherited);
			}
			return inherited(new RunDirectory(inherited, isTemporary(inherited)));
		}
		return claim(this.place, configured != null || this.settings.named());
	}

	/** The first, or where a daemon lives that has begun in other surroundings. */
	static Path place(String name, List<Path> homes) {
		List<Path> places = homes.stream()
			.map((home) -> home.resolve(name.replaceAll("[^A-Za-z0-9._-]|^\\.", "_")))
			.toList();
		return places.stream()
			.filter((place) -> SocketFile.isAnswered(new RunDirectory(place, false).controlSocket()))
			.findFirst()
			.orElse(places.get(0));
	}

	private Claim inherited(RunDirectory directory) {
		try {
			return new Claim(directory, directory.listen(this.generation, this.pid));
		}
		catch (IOException ex) {
			throw unusable(directory.path(), ex);
		}
	}

	private Claim claim(Path path, boolean chosen) {
		try {
			RunDirectory directory = RunDirectory.prepare(path, false, this.user);
			Optional<Claim> claim = claim(directory);
			if (claim.isPresent()) {
				return claim.get();
			}
			if (chosen) {
				throw directory.alreadyRuns(this.settings.name());
			}
			logger.info("Another daemon is called " + this.settings.name()
					+ ": this one has a run directory of its own. gozd.name tells them apart");
		}
		catch (IOException ex) {
			if (this.settings.runDirectory() != null) {
				throw unusable(path, ex);
			}
			if (chosen) {
				new RunDirectory(path, false).checkFree(this.settings.name());
			}
			String text = "No run directory at " + path + " (" + ex + "): this daemon has a temporary one,"
					+ " where no command finds it. gozd.run-directory names another";
			if (chosen) {
				// Somebody relies on the name: another start would not be noticed.
				logger.warn(text);
			}
			else {
				logger.info(text);
			}
		}
		return temporary();
	}

	private Optional<Claim> claim(RunDirectory directory) throws IOException {
		ServerSocketChannel channel = directory.listen(this.generation, this.pid);
		try {
			if (directory.claim(this.generation, this.pid)) {
				return Optional.of(new Claim(directory, channel));
			}
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			directory.leave(this.generation, this.pid);
			throw ex;
		}
		channel.close();
		directory.leave(this.generation, this.pid);
		return Optional.empty();
	}

	private Claim temporary() {
		try {
			Path path = Files.createTempDirectory(TEMPORARY);
			try {
				return claim(RunDirectory.prepare(path, true, this.user)).orElseThrow();
			}
			catch (IOException ex) {
				Files.deleteIfExists(path);
				throw ex;
			}
		}
		catch (IOException ex) {
			throw new DaemonException("There is no place for the control socket of the daemon: " + ex.getMessage(),
					"Set gozd.run-directory to a directory that this user can write to, or gozd.enabled=false");
		}
	}

	/** A session knows XDG_RUNTIME_DIR, a job of cron does not. */
	private static List<Path> homes(long user) {
		if (user == 0) {
			return List.of(OF_ROOT);
		}
		String runtime = System.getenv("XDG_RUNTIME_DIR");
		Path session = Path.of((runtime != null) ? runtime : "/run/user/" + user);
		Path home = Path.of(System.getProperty("user.home"), ".gozd");
		if (!staysAfterLogout(session)) {
			return List.of(home);
		}
		Path preferred = session.resolve("gozd");
		return (runtime != null) ? List.of(preferred, home) : List.of(home, preferred);
	}

	/** The directory of a session goes with it, unless the user lingers (loginctl(1)). */
	private static boolean staysAfterLogout(Path runtime) {
		return runtime.isAbsolute() && (!runtime.startsWith("/run/user")
				|| Files.exists(Path.of("/var/lib/systemd/linger", System.getProperty("user.name"))));
	}

	private static boolean isTemporary(Path path) {
		return path.getFileName().toString().startsWith(TEMPORARY);
	}

	private DaemonException unusable(Path path, IOException reason) {
		return new DaemonException("gozd.run-directory=" + path + " can't be used: " + reason.getMessage(),
				"Name a directory that this user owns or can create, with a short path");
	}

	/**
	 * A run directory in which this process listens.
	 *
	 * @param directory the directory
	 * @param control the socket of this generation; owned by whoever gets the claim
	 */
	record Claim(RunDirectory directory, ServerSocketChannel control) {

		/** Close the socket. */
		void close() {
			try {
				this.control.close();
			}
			catch (IOException ex) {
				logger.debug("The control socket did not close well", ex);
			}
		}

	}

}
