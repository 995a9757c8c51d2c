package io.gozd.it;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A daemon under test: the process that was started and all those that followed it.
 */
final class DaemonProcess implements AutoCloseable {

	/** A start under load on two busy cores, with plenty to spare. */
	static final Duration START_LIMIT = Duration.ofMinutes(2);

	private static final Pattern RELOAD_FAILED = Pattern.compile("Reload failed:.*");

	private static final Pattern HANDED_OVER = Pattern.compile("serves, generation \\d+ drains");

	/** How a small JVM is told that stays in place of the first generation. */
	private static final String RESIDENT = "io.gozd.resident.ResidentParent";

	private static final String LOGFILE = "--gozd.logfile=";

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

	private final DaemonCommand command;

	private final Process first;

	private final Output output;

	/** Those that were seen to be of this daemon: pids, and when each was started. */
	private final Map<Long, Long> ours = new ConcurrentHashMap<>();

	private DaemonProcess(DaemonCommand command, Process first, Output output) {
		this.command = command;
		this.first = first;
		this.output = output;
	}

	/**
	 * Starts the daemon and does not wait for it.
	 */
	static DaemonProcess launch(DaemonCommand command) {
		try {
			Files.createDirectories(command.temporaryDirectory());
			File output = command.home().resolve("output.log").toFile();
			Process first = command.processBuilder()
				.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.appendTo(output))
				.start();
			return new DaemonProcess(command, first, new Output(output.toPath()));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Waits until the first generation answers and has written its pid file.
	 */
	DaemonProcess awaitServing() {
		await("answer at " + endpoint(), START_LIMIT, () -> {
			failIfEnded();
			if (endpoint().path() != null && !Files.exists(endpoint().path())) {
				return false;
			}
			try {
				return ask().pid() > 0;
			}
			catch (ConnectException | SocketTimeoutException ex) {
				// Directives listen long before the application has started.
				return false;
			}
		});
		await("pid file", START_LIMIT, () -> Files.exists(pidFile()));
		return this;
	}

	/**
	 * Waits until anybody answers at the port.
	 */
	HttpAnswer awaitAnswer() {
		List<HttpAnswer> answers = new ArrayList<>();
		await("answer on port " + endpoint().port(), START_LIMIT, () -> {
			failIfEnded();
			try {
				return answers.add(get());
			}
			catch (ConnectException | SocketTimeoutException ex) {
				// One that becomes another user listens before anything else.
				return false;
			}
		});
		return answers.get(0);
	}

	private void failIfEnded() {
		if (!this.first.isAlive() && running().isEmpty()) {
			throw new AssertionError(
					"The daemon has exited with " + this.first.exitValue() + "\n" + this.output.tail());
		}
	}

	/**
	 * Asks who serves, on a connection of its own.
	 */
	Answer ask() throws IOException {
		return this.command.question().ask(endpoint());
	}

	/**
	 * One request on a connection of its own.
	 */
	HttpAnswer get() throws IOException {
		return get("/");
	}

	HttpAnswer get(String path) throws IOException {
		try (HttpConnection connection = open()) {
			return connection.exchange(HttpRequest.get(path).onFreshConnection());
		}
	}

	HttpConnection open() throws IOException {
		return HttpConnection.open(endpoint(), REQUEST_TIMEOUT);
	}

	/**
	 * The pid in the pid file.
	 */
	long pid() {
		return pidIfAny().orElseThrow(() -> new AssertionError("There is no " + pidFile() + "\n" + this.output.tail()));
	}

	/**
	 * The same, while there may be none: the last generation removes it.
	 */
	OptionalLong pidIfAny() {
		try {
			return OptionalLong.of(Long.parseLong(Files.readString(pidFile()).strip()));
		}
		catch (NoSuchFileException ex) {
			return OptionalLong.empty();
		}
		catch (IOException ex) {
			throw new AssertionError(this.output.tail(), ex);
		}
	}

	Path pidFile() {
		return this.command.runDirectory().resolve("pid");
	}

	Path controlSocket() {
		return this.command.runDirectory().resolve("control.sock");
	}

	/**
	 * Replaces the generation that serves: HUP to it, then waits until the pid file names
	 * another one and that one alone answers what is new.
	 */
	Swap swap() {
		int mark = this.output.mark();
		long old = pid();
		Signal.HUP.sendTo(old);
		return awaitSwap(mark, old);
	}

	/**
	 * Waits until another process has taken the place of one that was told to reload, and
	 * that one accepts no more.
	 * @param mark where the output was when it was told
	 */
	Swap awaitSwap(int mark, long old) {
		await("another pid than " + old + " in the pid file", START_LIMIT.multipliedBy(2), () -> {
			if (!this.output.lines(mark, RELOAD_FAILED).isEmpty()) {
				throw new AssertionError("The reload has failed\n" + this.output.tail());
			}
			failIfEnded();
			return pid() != old;
		});
		long next = pid();
		// Where it was told more than once, that one may be replaced by now.
		await("answer of who has the pid file", START_LIMIT, () -> ask().pid() == pid());
		awaitDraining(mark, old, next);
		Tally.swap();
		return new Swap(old, pid());
	}

	/**
	 * Waits until a generation accepts no more: before that, whoever comes may be
	 * answered by it or by its successor. It says so in its name, which it may not change
	 * where it has become another user, and in its log.
	 */
	private void awaitDraining(int mark, long old, long successor) {
		ProcessView process = new ProcessView(old);
		await("end of accepting of " + old, START_LIMIT, () -> process.name().endsWith("(draining)")
				|| tellsOfHandover(mark, successor) || !process.runs() || process.commandLine().contains(RESIDENT));
	}

	private boolean tellsOfHandover(int mark, long successor) {
		Stream<String> inFiles = logfiles().flatMap((log) -> log.lines(0, HANDED_OVER).stream());
		return Stream.concat(this.output.lines(mark, HANDED_OVER).stream(), inFiles)
			.anyMatch((line) -> line.contains("(pid " + successor + ")"));
	}

	/**
	 * Each generation opens it anew: what it has said of a successor is in the newest.
	 */
	private Stream<Output> logfiles() {
		return this.command.vector()
			.stream()
			.filter((argument) -> argument.startsWith(LOGFILE))
			.map((argument) -> new Output(Path.of(argument.substring(LOGFILE.length()))));
	}

	/**
	 * Sends HUP and waits until the failure is told.
	 * @return what was written since the HUP
	 */
	String failToSwap(Duration limit) {
		int mark = this.output.mark();
		Signal.HUP.sendTo(pid());
		this.output.await(mark, RELOAD_FAILED, limit);
		return this.output.since(mark);
	}

	void awaitGone(long pid, Duration limit) {
		await("end of process " + pid, limit, () -> !new ProcessView(pid).runs());
	}

	/**
	 * Waits until nobody but the process of the pid file is left.
	 */
	void awaitAlone(Duration limit) {
		await("only " + pid() + " left", limit, () -> running().equals(List.of(pid())));
	}

	int awaitExitOfFirst(Duration limit) {
		try {
			if (!this.first.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
				throw new AssertionError("The first process still runs\n" + this.output.tail());
			}
			return this.first.exitValue();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	void await(String what, Duration limit, Deadline.Condition condition) {
		Deadline.in(limit).await(what, condition, () -> "running " + running() + "\n" + this.output.tail());
	}

	/**
	 * Every process of this daemon that runs, and its children.
	 */
	List<Long> running() {
		return ProcessView.all()
			.stream()
			.filter(this::isOurs)
			.filter(ProcessView::runs)
			.map(ProcessView::pid)
			.sorted()
			.toList();
	}

	/**
	 * One that dies loses its memory first, and what is told there, and its files last.
	 */
	private boolean isOurs(ProcessView process) {
		long startTime = process.startTime();
		if (Objects.equals(this.ours.get(process.pid()), startTime)) {
			return true;
		}
		String home = this.command.home().toString();
		boolean isOurs = process.environment().containsValue(home)
				|| process.commandLine().stream().anyMatch((argument) -> argument.contains(home));
		if (isOurs) {
			this.ours.put(process.pid(), startTime);
		}
		return isOurs;
	}

	Process first() {
		return this.first;
	}

	Output output() {
		return this.output;
	}

	DaemonCommand command() {
		return this.command;
	}

	Endpoint endpoint() {
		return this.command.endpoint();
	}

	/**
	 * Kills every generation, also one that is just being started.
	 */
	@Override
	public void close() {
		Deadline.in(START_LIMIT).await("end of every process of the daemon", () -> {
			List<Long> running = running();
			running.forEach((pid) -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
			return running.isEmpty();
		});
	}

	/**
	 * A swap that has been seen.
	 *
	 * @param old the process that served before
	 * @param successor the one that serves now
	 */
	record Swap(long old, long successor) {

	}

}
