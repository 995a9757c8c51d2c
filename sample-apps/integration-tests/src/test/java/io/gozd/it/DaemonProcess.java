package io.gozd.it;

import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A daemon under test: the process that was started and all those that followed it.
 */
final class DaemonProcess implements AutoCloseable {

	/** A start under load on two busy cores, with plenty to spare. */
	static final Duration START_LIMIT = Duration.ofMinutes(2);

	private static final Pattern RELOAD_FAILED = Pattern.compile("Reload failed:.*");

	private static final Pattern RELOAD_BEGINS = Pattern.compile("Reload: generation \\d+ starts");

	private static final Pattern HANDED_OVER = Pattern.compile("serves, generation \\d+ drains");

	private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

	private final DaemonCommand command;

	private final Process first;

	private final Output output;

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
			catch (ConnectException ex) {
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
		try {
			return Long.parseLong(Files.readString(pidFile()).strip());
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
	 * another one and that one answers what is new.
	 */
	Swap swap() {
		int mark = this.output.mark();
		long old = pid();
		Signal.HUP.sendTo(old);
		return awaitSwap(mark, old);
	}

	Swap awaitSwap(int mark, long old) {
		await("another pid than " + old + " in the pid file", START_LIMIT.multipliedBy(2), () -> {
			if (!this.output.lines(mark, RELOAD_FAILED).isEmpty()) {
				throw new AssertionError("The reload has failed\n" + this.output.tail());
			}
			failIfEnded();
			return pid() != old;
		});
		long successor = pid();
		await("answer of " + successor, START_LIMIT, () -> ask().pid() == successor);
		// Both accept for a moment: only then it is the successor that answers whoever
		// comes.
		await("end of accepting of " + old, START_LIMIT,
				() -> !tellsOfReload(mark) || tellsOfHandover(mark, successor) || !new ProcessView(old).runs());
		return new Swap(old, successor);
	}

	/** Whether what the incumbent says comes to our output, and not to another file. */
	private boolean tellsOfReload(int mark) {
		return !this.output.lines(mark, RELOAD_BEGINS).isEmpty();
	}

	private boolean tellsOfHandover(int mark, long successor) {
		return this.output.lines(mark, HANDED_OVER)
			.stream()
			.anyMatch((line) -> line.contains("(pid " + successor + ")"));
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

	private boolean isOurs(ProcessView process) {
		String home = this.command.home().toString();
		return process.environment().containsValue(home)
				|| process.commandLine().stream().anyMatch((argument) -> argument.contains(home));
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
