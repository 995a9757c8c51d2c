package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * How a daemon is started.
 */
final class DaemonCommand {

	/**
	 * The tests themselves may run where these are ignored, as under nohup or in the
	 * background of a script, and a process inherits that.
	 */
	private static final List<String> WITH_SIGNALS = List.of("env", "--default-signal=HUP,INT");

	private final Path home;

	private final List<String> prefix = new ArrayList<>();

	private final List<String> jvm = new ArrayList<>(
			List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));

	private final List<String> program = new ArrayList<>();

	private final List<String> arguments = new ArrayList<>();

	private final Map<String, String> environment = new TreeMap<>();

	private String launcher;

	private Path workingDirectory;

	private Path runDirectory;

	private boolean withRunDirectory = true;

	private @Nullable Path argumentFile;

	private Endpoint endpoint = Endpoint.plain(FreePort.find());

	private int serverPort = this.endpoint.port();

	private boolean withAddress = true;

	private Question question = HttpAnswer::of;

	/**
	 * A command of a daemon of its own.
	 * @param home an empty directory for all that the daemon writes
	 */
	DaemonCommand(Path home, JavaHome java, DaemonJar jar) {
		this.home = home;
		this.workingDirectory = home;
		this.runDirectory = home.resolve("run");
		this.launcher = java.tool("java").toString();
		jar(jar.path().toString());
	}

	DaemonCommand java(JavaHome java) {
		return launcher(java.tool("java").toString());
	}

	DaemonCommand launcher(String launcher) {
		this.launcher = launcher;
		return this;
	}

	DaemonCommand jar(DaemonJar jar) {
		return jar(jar.path().toString());
	}

	DaemonCommand jar(String jar) {
		return program("-jar", jar);
	}

	/**
	 * What is started, in place of the jar.
	 */
	DaemonCommand program(String... program) {
		this.program.clear();
		this.program.addAll(List.of(program));
		return this;
	}

	/**
	 * Runs as in production: without the flags that make a start quick.
	 */
	DaemonCommand inProduction() {
		this.jvm.clear();
		this.jvm.add("-Xmx512m");
		return this;
	}

	DaemonCommand jvm(String... flags) {
		this.jvm.addAll(List.of(flags));
		return this;
	}

	DaemonCommand arguments(String... arguments) {
		this.arguments.addAll(List.of(arguments));
		return this;
	}

	DaemonCommand environment(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	/**
	 * What stands before the launcher, such as "nohup".
	 */
	DaemonCommand through(String... prefix) {
		this.prefix.addAll(List.of(prefix));
		return this;
	}

	DaemonCommand in(Path workingDirectory) {
		this.workingDirectory = workingDirectory;
		return this;
	}

	DaemonCommand secured(Tls tls) {
		this.endpoint = tls.endpoint(this.endpoint.port());
		return arguments(tls.arguments()).arguments("--server.ssl.bundle=web");
	}

	/**
	 * Lets the daemon find its port by itself; {@link #reachedAt(int)} is told later.
	 */
	DaemonCommand anyPort() {
		this.serverPort = 0;
		return this;
	}

	/**
	 * Has this port, not one that is free for everybody.
	 */
	DaemonCommand port(int port) {
		this.endpoint = Endpoint.plain(port);
		this.serverPort = port;
		return this;
	}

	/**
	 * Lets the daemon find the place of its files by itself; {@link #filesAt(Path)} is
	 * told later.
	 */
	DaemonCommand withoutRunDirectory() {
		this.withRunDirectory = false;
		return this;
	}

	void filesAt(Path runDirectory) {
		this.runDirectory = runDirectory;
	}

	/**
	 * Says nothing of the address: it is configured elsewhere.
	 */
	DaemonCommand withoutAddress() {
		this.withAddress = false;
		return this;
	}

	void reachedAt(int port) {
		this.endpoint = Endpoint.plain(port);
	}

	/**
	 * Where the daemon answers lines of raw TCP, by which it is seen to serve: it may
	 * have no web server.
	 */
	DaemonCommand answersLinesAt(Endpoint endpoint) {
		return answersAt(endpoint, LineConnection::ask);
	}

	/**
	 * Where the daemon answers web servers by FastCGI: it may have no port of HTTP.
	 */
	DaemonCommand answersFcgiAt(Endpoint endpoint) {
		return answersAt(endpoint, FcgiConnection::ask);
	}

	private DaemonCommand answersAt(Endpoint endpoint, Question question) {
		this.endpoint = endpoint;
		this.question = question;
		return this;
	}

	/**
	 * How the daemon is asked who serves.
	 */
	Question question() {
		return this.question;
	}

	/**
	 * How long a kept connection may be idle, whatever the server.
	 */
	DaemonCommand keepAliveTimeout(Duration timeout) {
		for (ServerKind server : ServerKind.values()) {
			arguments("--" + ServerSetting.KEEP_ALIVE_TIMEOUT.of(server, timeout.toMillis() + "ms"));
		}
		return this;
	}

	/**
	 * Lets idle connections end soon, but later than a busy machine keeps a client of a
	 * load from the processor: its next request would meet the close.
	 */
	DaemonCommand shortKeepAlive() {
		return keepAliveTimeout(Duration.ofSeconds(20));
	}

	/**
	 * How long a successor must live before its predecessor lets go.
	 */
	DaemonCommand probation(Duration probation) {
		return arguments("--gozd.reload.probation=" + probation.toMillis() + "ms");
	}

	/**
	 * Where the jar of this daemon may be replaced by the test.
	 */
	Path ownJar() {
		return this.home.resolve("app.jar");
	}

	Path home() {
		return this.home;
	}

	Path runDirectory() {
		return this.runDirectory;
	}

	/**
	 * Says nothing of the run directory: the daemon is to be found by its name.
	 */
	DaemonCommand foundByName(String name) {
		Path place = isRoot() ? Path.of("/run/gozd") : temporaryDirectory().resolve("gozd");
		this.runDirectory = place.resolve(name);
		this.withRunDirectory = false;
		return arguments("--spring.application.name=" + name);
	}

	private static boolean isRoot() {
		try {
			return Files.getOwner(Path.of("/proc/self")).getName().equals("root");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	Path temporaryDirectory() {
		return this.home.resolve("tmp");
	}

	Endpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * All that stands after the launcher, which a file of arguments may hold instead.
	 */
	List<String> launcherArguments() {
		List<String> all = new ArrayList<>(this.jvm);
		all.add("-Djava.io.tmpdir=" + temporaryDirectory());
		all.addAll(this.program);
		if (this.withAddress) {
			all.add("--server.port=" + this.serverPort);
			all.add("--server.address=127.0.0.1");
		}
		if (this.withRunDirectory) {
			all.add("--gozd.run-directory=" + runDirectory());
		}
		all.addAll(this.arguments);
		return all;
	}

	/**
	 * Puts all that stands after the launcher into a file that the launcher reads.
	 */
	DaemonCommand throughArgumentFile() {
		Path file = this.home.resolve("arguments");
		String quoted = launcherArguments().stream()
			.map((argument) -> '"' + argument.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
			.collect(Collectors.joining("\n"));
		try {
			Files.writeString(file, quoted);
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		this.argumentFile = file;
		return this;
	}

	List<String> vector() {
		List<String> vector = new ArrayList<>(this.prefix);
		vector.add(this.launcher);
		if (this.argumentFile != null) {
			vector.add("@" + this.argumentFile);
		}
		else {
			vector.addAll(launcherArguments());
		}
		return vector;
	}

	ProcessBuilder processBuilder() {
		List<String> command = new ArrayList<>(WITH_SIGNALS);
		command.addAll(vector());
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.workingDirectory.toFile());
		// Not for the daemon: every process that inherits it belongs to this test.
		builder.environment().put("GOZD_IT_HOME", this.home.toString());
		// Where the samples put their Unix sockets.
		builder.environment().put("XDG_RUNTIME_DIR", temporaryDirectory().toString());
		// As a shell does it.
		builder.environment().put("PWD", this.workingDirectory.toString());
		builder.environment().putAll(this.environment);
		return builder;
	}

	/**
	 * Asks who serves, on a connection of its own.
	 */
	@FunctionalInterface
	interface Question {

		Answer ask(Endpoint endpoint) throws IOException;

	}

}
