package io.gozd.it;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/**
 * A systemd that runs as pid 1 of its own namespaces, with a file system of its own and
 * this machine's network. It has a user www, and no unit but the targets that every
 * service needs. It is this machine's, or that of the system in the folder that the
 * system property {@code gozd.it.systemd} names. Root alone can have one.
 */
final class SystemdContainer implements AutoCloseable {

	private static final String SCRIPT = "systemd-container.sh";

	private static final String SYSTEM = System.getProperty("gozd.it.systemd", "");

	private static final Path SYSTEMD = Path.of(SYSTEM + "/lib/systemd/systemd");

	private static final List<String> TOOLS = List.of("systemctl", "unshare", "nsenter", "pivot_root");

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private final Path directory;

	/** It ends with its input, so it can't outlive the tests. */
	private final Process process;

	private final long init;

	private SystemdContainer(Path directory, Process process) {
		this.directory = directory;
		this.process = process;
		this.init = awaitInit();
	}

	/**
	 * A developer may lack systemd, the build may not.
	 */
	static void assumeInstalled() {
		Privileges.assumeRoot();
		List<String> missing = new ArrayList<>(TOOLS.stream().filter((tool) -> !isInstalled(tool)).toList());
		if (!Files.isExecutable(SYSTEMD)) {
			missing.add(SYSTEMD.toString());
		}
		String message = "Not installed, and in the packages systemd and util-linux: " + missing;
		if (!missing.isEmpty() && "true".equals(System.getenv("CI"))) {
			throw new AssertionError(message);
		}
		Assumptions.assumeTrue(missing.isEmpty(), message);
		assumePermitted();
	}

	/** In most containers even root may not. */
	private static void assumePermitted() {
		try {
			Process process = new ProcessBuilder("unshare", "--fork", "--pid", "--mount", "--ipc", "--uts", "--cgroup",
					"true")
				.redirectErrorStream(true)
				.start();
			String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			Assumptions.assumeTrue(process.waitFor() == 0, "Namespaces are not permitted here: " + said);
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static boolean isInstalled(String tool) {
		return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
			.anyMatch((directory) -> Files.isExecutable(Path.of(directory, tool)));
	}

	/**
	 * Boots it and waits until it is up.
	 * @param java the JDK that its services need
	 */
	static SystemdContainer boot(JavaHome java) {
		try {
			Path directory = Files.createTempDirectory("gozd-it-systemd").toRealPath();
			Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
			Files.createDirectory(directory.resolve("app"));
			Files.createDirectory(directory.resolve("root"));
			try (InputStream script = SystemdContainer.class.getResourceAsStream(SCRIPT)) {
				Files.copy(script, directory.resolve(SCRIPT), StandardCopyOption.REPLACE_EXISTING);
			}
			ProcessBuilder builder = new ProcessBuilder("sh", directory.resolve(SCRIPT).toString(),
					directory.toString(), java.path().toRealPath().toString());
			builder.environment().put("GOZD_IT_SYSTEMD", SYSTEM);
			builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
			return new SystemdContainer(directory,
					builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private long awaitInit() {
		List<Long> found = new ArrayList<>();
		try {
			Deadline.in(LIMIT).await("systemd", () -> {
				if (!this.process.isAlive()) {
					throw new AssertionError("systemd does not run");
				}
				this.process.descendants().map(ProcessHandle::pid).filter(SystemdContainer::isInit).forEach(found::add);
				return !found.isEmpty();
			}, this::log);
			Deadline.in(LIMIT)
				.await("systemd to be up", () -> run(found.get(0), "systemctl", "is-system-running").exitCode() == 0,
						() -> run(found.get(0), "systemctl", "--failed").output());
			return found.get(0);
		}
		catch (AssertionError ex) {
			String log = log();
			close();
			throw new AssertionError(ex.getMessage() + "\n" + log, ex);
		}
	}

	/** Only then it has its own root: what makes that has another name. */
	private static boolean isInit(long pid) {
		ProcessView process = new ProcessView(pid);
		return process.name().equals("systemd") && process.isFirstOfNamespace();
	}

	private String log() {
		Path log = this.directory.resolve("log");
		try {
			return Files.exists(log) ? Files.readString(log) : "";
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	/**
	 * The directory that is /srv/my-app there, and has the same name as here too.
	 */
	Path applicationDirectory() {
		return this.directory.resolve("app");
	}

	/**
	 * Its release, such as 252.
	 */
	int version() {
		return Integer.parseInt(systemctl("--version").output().split("\\s+")[1]);
	}

	CommandRun.Result systemctl(String... arguments) {
		return run(this.init, Stream.concat(Stream.of("systemctl"), Stream.of(arguments)).toArray(String[]::new));
	}

	/**
	 * The same, which is not waited for.
	 */
	CommandRun startSystemctl(String... arguments) {
		return start(this.init, Stream.concat(Stream.of("systemctl"), Stream.of(arguments)).toArray(String[]::new));
	}

	private CommandRun.Result run(long init, String... command) {
		return start(init, command).await();
	}

	private CommandRun start(long init, String... command) {
		List<String> all = new ArrayList<>(List.of("nsenter", "--target=" + init, "--mount", "--pid", "--ipc", "--uts",
				"--cgroup", "env", "-i", "LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
		all.addAll(List.of(command));
		return CommandRun.start(new ProcessBuilder(all), this.directory);
	}

	/**
	 * Writes a file of units; {@code systemctl daemon-reload} makes it known.
	 */
	void writeUnit(String name, String text) {
		Path file = inside("etc/systemd/system").resolve(name);
		try {
			Files.createDirectories(file.getParent());
			Files.writeString(file, text);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Whether a process runs, by its pid there.
	 */
	boolean runs(long pid) {
		return Files.exists(inside("proc").resolve(Long.toString(pid)));
	}

	private Path inside(String path) {
		return Path.of("/proc", Long.toString(this.init), "root").resolve(path);
	}

	@Override
	public void close() {
		try {
			this.process.getOutputStream().close();
			if (!this.process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new AssertionError("systemd does not end\n" + log());
			}
			try (Stream<Path> files = Files.walk(this.directory, new FileVisitOption[0])) {
				for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
					Files.deleteIfExists(file);
				}
			}
		}
		catch (IOException | InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
