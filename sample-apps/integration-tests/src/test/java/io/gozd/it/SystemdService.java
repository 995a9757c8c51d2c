package io.gozd.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A daemon that systemd runs as my-app.service.
 */
final class SystemdService implements AutoCloseable {

	private static final String NAME = "my-app.service";

	private static final String SOCKET_NAME = "my-app.socket";

	private static final String FLAGS = " -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

	private static final List<String> ENDED = List.of("inactive", "failed");

	private static final Duration LIMIT = DaemonProcess.START_LIMIT;

	private final SystemdContainer systemd;

	private final SupervisedUnit unit;

	private final Endpoint endpoint = Endpoint.plain(FreePort.find());

	private final Output output;

	private final Map<String, String> environment = new TreeMap<>();

	private final List<String> settings = new ArrayList<>();

	private String missing = "";

	SystemdService(SystemdContainer systemd, SupervisedUnit unit) {
		this.systemd = systemd;
		this.unit = unit;
		this.output = new Output(systemd.applicationDirectory().resolve("output.log"));
		environment("SERVER_PORT", Integer.toString(this.endpoint.port()));
		environment("SERVER_ADDRESS", this.endpoint.host());
		environment("SERVER_TOMCAT_KEEP_ALIVE_TIMEOUT", "20s");
		environment("GOZD_RELOAD_PROBATION", "500ms");
		// Else what a daemon in the background writes is lost.
		environment("GOZD_LOGFILE", this.output.file().toString());
	}

	SystemdService environment(String name, String value) {
		this.environment.put(name, value);
		return this;
	}

	/**
	 * Adds lines to the unit, as an operator does it who does not change the unit itself.
	 */
	SystemdService settings(String... lines) {
		this.settings.addAll(List.of(lines));
		return this;
	}

	/**
	 * Leaves an argument of the unit's command line out.
	 */
	SystemdService without(String argument) {
		this.missing = " " + argument;
		return this;
	}

	/**
	 * Installs the unit and starts it; returns when the daemon answers.
	 */
	SystemdService start(JavaHome java) throws IOException {
		String service = this.unit.service(java.tool("java") + FLAGS);
		if (!service.contains(this.missing)) {
			throw new AssertionError(this.missing + " is missing in\n" + service);
		}
		this.systemd.writeUnit(NAME, service.replace(this.missing, ""));
		Stream<String> variables = this.environment.entrySet()
			.stream()
			.map((variable) -> "Environment=" + variable.getKey() + "=" + variable.getValue());
		this.systemd.writeUnit(NAME + ".d/test.conf", Stream.concat(variables, this.settings.stream())
			.collect(Collectors.joining("\n", "[Service]\n", "\n")));
		this.systemd.writeUnit(SOCKET_NAME, SupervisedUnit.socket(this.endpoint));
		this.systemd.systemctl("daemon-reload");
		if (this.unit == SupervisedUnit.ACTIVATED) {
			succeed("start", SOCKET_NAME);
		}
		else {
			succeed("start", NAME);
		}
		if (!this.unit.tellsStart()) {
			Deadline.in(LIMIT).await("a listener", () -> ConnectionTable.listening(this.endpoint) > 0, this::report);
		}
		HttpAnswer.afterStart(this.endpoint);
		return this;
	}

	/**
	 * Runs a verb of systemctl about the service to its end, which must be good.
	 */
	void succeed(String verb) {
		succeed(verb, NAME);
	}

	private void succeed(String verb, String name) {
		CommandRun.Result result = this.systemd.systemctl(verb, name);
		if (result.exitCode() != 0) {
			throw new AssertionError("systemctl " + verb + ": " + result + "\n" + report());
		}
	}

	CommandRun.Result run(String verb) {
		return this.systemd.systemctl(verb, NAME);
	}

	/**
	 * The same, which is not waited for.
	 */
	CommandRun begin(String verb) {
		return this.systemd.startSystemctl(verb, NAME);
	}

	/**
	 * Kills every process of it.
	 */
	void kill() {
		this.systemd.systemctl("kill", "--signal=KILL", NAME);
	}

	long mainPid() {
		return Long.parseLong(property("MainPID"));
	}

	String property(String name) {
		return this.systemd.systemctl("show", "--property=" + name, "--value", NAME).output().strip();
	}

	void await(String property, String value) {
		await(property + "=" + value, () -> property(property).equals(value));
	}

	void await(String what, Deadline.Condition condition) {
		Deadline.in(LIMIT).await(what, condition, this::report);
	}

	/**
	 * Who answers, on a connection of its own: perhaps somebody who starts for it.
	 */
	long pid() throws IOException {
		return HttpAnswer.afterStart(this.endpoint).pid();
	}

	/**
	 * Starts a request that runs until the test lets it end.
	 */
	SlowRequest slowRequest() throws IOException {
		return SlowRequest.start(this.endpoint, this.systemd.applicationDirectory(), this::report);
	}

	Endpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * What its generations have written, and those of the services before it.
	 */
	Output output() {
		return this.output;
	}

	Path jar() {
		return this.systemd.applicationDirectory().resolve("app.jar");
	}

	/**
	 * How it stands, for the message of a failed test.
	 */
	String report() {
		return this.systemd.systemctl("status", NAME).output() + this.output.tail();
	}

	/**
	 * Ends it, whatever state it is in.
	 */
	@Override
	public void close() {
		this.systemd.systemctl("stop", "--no-block", SOCKET_NAME, NAME);
		kill();
		await("end", () -> ENDED.contains(property("ActiveState")));
		this.systemd.systemctl("reset-failed");
	}

}
