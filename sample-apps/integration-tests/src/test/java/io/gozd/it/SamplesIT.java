package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
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
		assertRuns(daemons, command, endpoints);
	}

	private static void assertRuns(Daemons daemons, DaemonCommand command, Map<String, Endpoint> endpoints)
			throws IOException {
		for (Endpoint endpoint : endpoints.values()) {
			if (endpoint.path() == null && ConnectionTable.listening(endpoint) > 0) {
				Assumptions.assumeTrue("true".equals(System.getenv("CI")), "Somebody has the port of " + endpoint);
			}
		}
		DaemonProcess daemon = daemons.start(command);
		assertAnswers(daemon, endpoints);
		Swap swap = daemon.swap();
		assertThat(swap.successor()).isEqualTo(daemon.pid());
		assertAnswers(daemon, endpoints);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", LIMIT, () -> daemon.running().isEmpty());
		for (Endpoint endpoint : endpoints.values()) {
			if (endpoint.path() != null) {
				assertThat(endpoint.path()).doesNotExist();
			}
		}
	}

	private static void assertAnswers(DaemonProcess daemon, Map<String, Endpoint> endpoints) throws IOException {
		for (Map.Entry<String, Endpoint> each : endpoints.entrySet()) {
			assertThat(ask(each.getKey(), each.getValue()).pid()).as(each.getKey()).isEqualTo(daemon.pid());
		}
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
		return HttpAnswer.of(endpoint);
	}

	private static Endpoint socket(DaemonCommand command, String name) {
		return Endpoint.unix(command.temporaryDirectory().resolve(name));
	}

}
