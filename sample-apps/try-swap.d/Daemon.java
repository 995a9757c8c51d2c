package tryswap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The daemon under test: one process at first, a new one after each swap. Which of them
 * is the daemon stands in its pid file.
 */
final class Daemon implements AutoCloseable {

	private static final int LAST_LINES = 25;

	private static final String RELOAD_FAILED = "Reload failed";

	private final InetSocketAddress address;

	private final Path pidFile;

	private final Path log;

	private final List<ProcessHandle> generations = new ArrayList<>();

	private Daemon(InetSocketAddress address, Path pidFile, Path log) {
		this.address = address;
		this.pidFile = pidFile;
		this.log = log;
	}

	static Daemon start(Options options) throws IOException {
		Path work = options.work();
		// A copy: a build that writes the jar anew must not pull it away under the
		// daemon.
		Path jar = Files.copy(options.jar(), work.resolve("http-daemon.jar"));
		Path temporary = Files.createDirectory(work.resolve("tmp"));
		Path runDirectory = work.resolve("run");
		Daemon daemon = new Daemon(freeAddress(), runDirectory.resolve("pid"), options.log());
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djava.io.tmpdir=" + temporary, "-jar", jar.toString(),
				"--server.address=" + daemon.address.getHostString(), "--server.port=" + daemon.address.getPort(),
				"--gozd.run-directory=" + runDirectory)
			.redirectErrorStream(true)
			.redirectOutput(options.log().toFile())
			.start();
		daemon.generations.add(process.toHandle());
		return daemon;
	}

	private static InetSocketAddress freeAddress() throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress("127.0.0.1", 0));
			return (InetSocketAddress) socket.getLocalSocketAddress();
		}
	}

	InetSocketAddress address() {
		return this.address;
	}

	void awaitAnswer(Duration deadline) throws InterruptedException {
		await("first answer", deadline, this::answers);
	}

	/**
	 * Asks for a swap and waits until the new generation is alone.
	 */
	void swap(Duration deadline) throws IOException, InterruptedException {
		ProcessHandle old = newest();
		signal("HUP", old);
		await("swap", deadline, () -> hasSwapped(old));
		add(ProcessHandle.of(pid()).orElseThrow(() -> new Unexpected("The new generation has died")));
		await("end of the old generation", deadline, () -> !isAlive(old));
	}

	void terminate() throws IOException, InterruptedException {
		signal("TERM", newest());
	}

	void awaitExit(Duration deadline) throws InterruptedException {
		await("exit", deadline, () -> !isAlive(newest()));
	}

	String lastLines() throws IOException {
		List<String> lines = Files.readAllLines(this.log);
		return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
	}

	@Override
	public synchronized void close() {
		for (ProcessHandle generation : this.generations) {
			generation.descendants().forEach(ProcessHandle::destroyForcibly);
			generation.destroyForcibly();
		}
	}

	private void await(String what, Duration deadline, BooleanSupplier condition) throws InterruptedException {
		long end = System.nanoTime() + deadline.toNanos();
		while (!condition.getAsBoolean()) {
			if (!isAlive(newest()) && !condition.getAsBoolean()) {
				throw new Unexpected("The daemon died before the " + what);
			}
			if (System.nanoTime() > end) {
				throw new Unexpected("No " + what + " within " + deadline.toSeconds() + " s");
			}
			Thread.sleep(20);
		}
	}

	private boolean answers() {
		try (Connection connection = Connection.open(this.address)) {
			return connection.send(Request.get(false)).status() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private boolean hasSwapped(ProcessHandle old) {
		try {
			if (Files.readString(this.log).contains(RELOAD_FAILED)) {
				throw new Unexpected(RELOAD_FAILED);
			}
		}
		catch (IOException ex) {
			throw new Unexpected("The log can't be read: " + ex);
		}
		return pid() != old.pid();
	}

	private long pid() {
		try {
			return Long.parseLong(Files.readString(this.pidFile).strip());
		}
		catch (IOException ex) {
			throw new Unexpected("The pid file can't be read: " + ex);
		}
	}

	private synchronized void add(ProcessHandle generation) {
		this.generations.add(generation);
	}

	private synchronized ProcessHandle newest() {
		return this.generations.get(this.generations.size() - 1);
	}

	/**
	 * A process without a command is a zombie: a container may have nobody to reap it.
	 */
	private static boolean isAlive(ProcessHandle process) {
		return process.isAlive() && process.info().command().isPresent();
	}

	private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
		// The shell's own kill: a small container may have no other.
		new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).inheritIO().start().waitFor();
	}

}
