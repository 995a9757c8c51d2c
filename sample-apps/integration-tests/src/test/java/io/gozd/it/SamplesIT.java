package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each sample, as its README says: with the directives that are in its jar.
 */
@ExtendWith(DaemonExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
class SamplesIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	@Test
	void httpDaemon(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("http-daemon");
		command.arguments("--server.port=" + command.endpoint().port());
		assertRuns(daemons, command, Map.of("server", command.endpoint()));
	}

	@Test
	void httpsDaemon(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("https-daemon");
		Endpoint http = Endpoint.plain(9080);
		command.reachedAt(http.port());
		assertRuns(daemons, command,
				Map.of("http", http, "https", Endpoint.plain(9443).secured(Tls.trustingAll().getSocketFactory())));
	}

	@Test
	void tcpDaemon(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("tcp-daemon");
		command.answersLinesAt(Endpoint.plain(9011));
		assertRuns(daemons, command, Map.of("lines", command.endpoint(), "tcp_port", Endpoint.plain(9010), "tcp_sock",
				socket(command, "tcp-daemon.sock")));
	}

	/** As its README drives it, from a folder and a home of its own. */
	@Test
	void argsAndConfiguration(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("args-n-conf").withoutRunDirectory();
		Path configuration = command.home().resolve("conf/args-n-conf.yml");
		Files.createDirectory(configuration.getParent());
		Files.copy(Path.of("..", "args-n-conf", "conf", "args-n-conf.yml"), configuration);
		command.jvm("-Duser.home=" + command.home())
			.answersLinesAt(Endpoint.plain(9021))
			.arguments("--spring.config.location=conf/args-n-conf.yml", "--gozd.command=start")
			.filesAt(command.home().resolve(".gozd/args-n-conf"));
		Endpoint greeting = Endpoint.plain(9020);
		Map<String, Endpoint> endpoints = Map.of("lines", command.endpoint(), "tcp_greeting", greeting);
		for (Endpoint endpoint : endpoints.values()) {
			assumeFree(endpoint);
		}
		DaemonProcess daemon = daemons.launch(command);
		assertThat(daemon.awaitExitOfFirst(DaemonProcess.START_LIMIT)).as(daemon.output().text()).isZero();
		assertThat(daemon.output().text()).isEqualTo(daemon.pid() + "\n");
		assertDone(command, "status", "generation 1 (pid " + daemon.pid() + ")");
		assertAnswers(daemon, endpoints);
		assertThat(greeting(greeting)).isEqualTo("Hello");
		Files.writeString(configuration, Files.readString(configuration).replace("Hello", "Good morning"));
		assertDone(command, "reload", "generation 2 has it");
		Path pidfile = command.home().resolve(".gozd/args-n-conf.pid");
		assertThat(pidfile).hasContent(daemon.pid() + "\n");
		assertAnswers(daemon, endpoints);
		assertThat(greeting(greeting)).isEqualTo("Good morning");
		assertDone(command, "stop", "has ended");
		assertThat(daemon.running()).isEmpty();
		assertThat(pidfile).doesNotExist();
	}

	private static String greeting(Endpoint endpoint) throws IOException {
		try (LineConnection connection = LineConnection.open(endpoint)) {
			return connection.read().before();
		}
	}

	private static void assertDone(DaemonCommand daemon, String command, String said) {
		CommandRun.Result result = CommandRun.of(daemon, command);
		assertThat(result.exitCode()).as(command + ": " + result).isZero();
		assertThat(result.output()).contains("args-n-conf").contains(said);
	}

	@Test
	void mixedDaemon(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("mixed-daemon");
		command.reachedAt(9080);
		Map<String, Endpoint> endpoints = new LinkedHashMap<>();
		endpoints.put("http_port", command.endpoint());
		endpoints.put("http_sock", socket(command, "mixed-daemon-http.sock"));
		endpoints.put("https_port", Endpoint.plain(9443).secured(Tls.trustingAll().getSocketFactory()));
		endpoints.put("tcp_port", Endpoint.plain(9010));
		endpoints.put("tcp_sock", socket(command, "mixed-daemon-tcp.sock"));
		endpoints.put("line_port", Endpoint.plain(9011));
		endpoints.put("line_sock", socket(command, "mixed-daemon-line.sock"));
		endpoints.put("fcgi_port", Endpoint.plain(9002));
		endpoints.put("fcgi_sock", socket(command, "mixed-daemon-fcgi.sock"));
		assertRuns(daemons, command, endpoints);
	}

	@Test
	void fcgiStd(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("fcgi-std");
		command.answersFcgiAt(Endpoint.plain(9000));
		try (FrontEnd nginx = nginx(daemons, command, "fcgi-std", 9088)) {
			assertRuns(daemons, command,
					Map.of("fcgi_port", command.endpoint(), "fcgi_sock", socket(command, "fcgi-std.sock")),
					Map.of("nginx", nginx.endpoint()));
		}
	}

	@Test
	void fcgiDaemon(Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("fcgi-daemon");
		command.answersFcgiAt(Endpoint.plain(9001));
		try (FrontEnd nginx = nginx(daemons, command, "fcgi-daemon", 9089)) {
			assertRuns(daemons, command,
					Map.of("fcgi_port", command.endpoint(), "fcgi_sock", socket(command, "fcgi-daemon.sock")),
					Map.of("nginx", nginx.endpoint()));
		}
	}

	/**
	 * nginx with the configuration that the sample has for it.
	 */
	private static FrontEnd nginx(Daemons daemons, DaemonCommand command, String sample, int port) throws IOException {
		Endpoint endpoint = Endpoint.plain(port);
		assumeFree(endpoint);
		Path configuration = Path.of("..", sample, "nginx.conf").toAbsolutePath().normalize();
		List<String> nginx = new ArrayList<>(List.of(Nginx.PROGRAM.require().toString(), "-e", "stderr", "-p",
				daemons.directory("nginx").toString(), "-c", configuration.toString()));
		if (WebServer.isRoot()) {
			nginx.addAll(List.of("-g", "user root;"));
		}
		return FrontEnd.start(nginx, Map.of(), Files.createDirectories(command.temporaryDirectory()), endpoint);
	}

	private static void assertRuns(Daemons daemons, DaemonCommand command, Map<String, Endpoint> endpoints)
			throws IOException {
		assertRuns(daemons, command, endpoints, Map.of());
	}

	/**
	 * Starts it, swaps it and ends it.
	 * @param throughOthers where it is reached though others listen there: they may have
	 * kept a connection to the generation before, and use it once more
	 */
	private static void assertRuns(Daemons daemons, DaemonCommand command, Map<String, Endpoint> endpoints,
			Map<String, Endpoint> throughOthers) throws IOException {
		for (Endpoint endpoint : endpoints.values()) {
			assumeFree(endpoint);
		}
		DaemonProcess daemon = daemons.start(command);
		assertAnswers(daemon, endpoints);
		awaitAnswers(daemon, throughOthers);
		Swap swap = daemon.swap();
		assertThat(swap.successor()).isEqualTo(daemon.pid());
		assertAnswers(daemon, endpoints);
		awaitAnswers(daemon, throughOthers);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", LIMIT, () -> daemon.running().isEmpty());
		for (Endpoint endpoint : endpoints.values()) {
			if (endpoint.path() != null) {
				assertThat(endpoint.path()).doesNotExist();
			}
		}
	}

	private static void assumeFree(Endpoint endpoint) throws IOException {
		if (endpoint.path() == null && ConnectionTable.listening(endpoint) > 0) {
			Assumptions.assumeTrue("true".equals(System.getenv("CI")), "Somebody has the port of " + endpoint);
		}
	}

	private static void assertAnswers(DaemonProcess daemon, Map<String, Endpoint> endpoints) throws IOException {
		for (Map.Entry<String, Endpoint> each : endpoints.entrySet()) {
			assertThat(ask(each.getKey(), each.getValue()).pid()).as(each.getKey()).isEqualTo(daemon.pid());
		}
	}

	private static void awaitAnswers(DaemonProcess daemon, Map<String, Endpoint> endpoints) {
		endpoints.forEach((id, endpoint) -> daemon.await("answer at " + endpoint, LIMIT,
				() -> ask(id, endpoint).pid() == daemon.pid()));
	}

	private static Answer ask(String id, Endpoint endpoint) throws IOException {
		if (id.startsWith("line")) {
			return LineConnection.ask(endpoint);
		}
		if (id.startsWith("tcp")) {
			try (LineConnection connection = LineConnection.open(endpoint)) {
				return connection.read();
			}
		}
		return id.startsWith("fcgi") ? FcgiConnection.ask(endpoint) : HttpAnswer.of(endpoint);
	}

	private static Endpoint socket(DaemonCommand command, String name) {
		return Endpoint.unix(command.temporaryDirectory().resolve(name));
	}

}
