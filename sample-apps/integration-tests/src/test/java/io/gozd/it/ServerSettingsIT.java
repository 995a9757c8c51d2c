package io.gozd.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.fixture.ThreadController;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Settings of the server mean what they mean without the starter, in each generation.
 */
@ExtendWith(DaemonExtension.class)
class ServerSettingsIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	/** Far less than an idle connection may be kept by default. */
	private static final Duration SOON = Duration.ofSeconds(15);

	private static final int MAX_CONNECTIONS = 4;

	private static final int WAITING = 8;

	private static final int VIRTUAL_THREADS = 21;

	private static final String ZIPPED_WANTED = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n";

	@Test
	void requestsAreHandledByVirtualThreads(Daemons daemons) throws Exception {
		JavaHome java = daemons.settings()
			.javaHomes()
			.stream()
			.filter((home) -> home.feature() >= VIRTUAL_THREADS)
			.findFirst()
			.orElse(null);
		Assumptions.assumeTrue(java != null, "No JDK with virtual threads");
		DaemonCommand command = command(daemons).java(java).arguments("--spring.threads.virtual.enabled=true");
		command.jar(daemons.jar().variant().configuration(ThreadController.class).writeTo(command.ownJar()));
		DaemonProcess daemon = daemons.start(command);
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint())); HttpConnection kept = daemon.open()) {
			assertThat(kept.exchange(HttpRequest.get("/thread")).body()).startsWith("VirtualThread");
			Swap swap = daemon.swap();
			assertThat(kept.exchange(HttpRequest.get("/thread")).body()).startsWith("VirtualThread");
			assertThat(daemon.get("/thread").body()).startsWith("VirtualThread");
			daemon.awaitGone(swap.old(), LIMIT);
			load.awaitFurtherAnswers(100);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
		}
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("end of all", LIMIT, () -> daemon.running().isEmpty());
	}

	@Test
	void answersAreCompressed(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons).arguments("--server.compression.enabled=true",
				"--server.compression.min-response-size=1B"));
		try (HttpConnection kept = daemon.open()) {
			HttpAnswer before = zipped(kept);
			Swap swap = daemon.swap();
			HttpAnswer draining = zipped(kept);
			assertThat(List.of(before.pid(), draining.pid())).containsOnly(swap.old());
			assertThat(draining.closesConnection()).isTrue();
			try (HttpConnection fresh = daemon.open()) {
				assertThat(zipped(fresh).pid()).isEqualTo(swap.successor());
			}
		}
		assertThat(daemon.get().headers()).doesNotContainKey("content-encoding");
	}

	private static HttpAnswer zipped(HttpConnection connection) throws IOException {
		connection.write(ZIPPED_WANTED);
		HttpAnswer answer = connection.receive();
		assertThat(answer.headers()).containsEntry("content-encoding", "gzip");
		byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
		try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
			return new HttpAnswer(answer.status(), answer.headers(),
					new String(in.readAllBytes(), StandardCharsets.UTF_8));
		}
	}

	/**
	 * Idle connections take all there is until they are closed, by INT or by their age.
	 */
	@ParameterizedTest
	@EnumSource(names = { "INT", "TERM" })
	void whoWaitsForAConnectionIsAnsweredBeforeTheEnd(Signal end, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command()
			.arguments(daemons.jar().server().argument(ServerSetting.MAX_CONNECTIONS, MAX_CONNECTIONS));
		if (end == Signal.TERM) {
			command.keepAliveTimeout(Duration.ofSeconds(5));
		}
		DaemonProcess daemon = daemons.start(command);
		List<HttpConnection> connections = new ArrayList<>();
		try {
			for (int i = 0; i < MAX_CONNECTIONS; i++) {
				HttpConnection idle = daemon.open();
				connections.add(idle);
				idle.exchange(HttpRequest.get("/"));
			}
			for (int i = 0; i < WAITING; i++) {
				HttpConnection waiting = HttpConnection.open(daemon.endpoint(), LIMIT);
				connections.add(waiting);
				waiting.send(HttpRequest.get("/"));
			}
			daemon.await("all of them in the queue", LIMIT,
					() -> ConnectionTable.waiting(daemon.endpoint()) == WAITING);
			end.sendTo(daemon.pid());
			for (HttpConnection waiting : connections.subList(MAX_CONNECTIONS, MAX_CONNECTIONS + WAITING)) {
				assertThat(waiting.receive().pid()).isEqualTo(daemon.first().pid());
			}
			assertThat(daemon.awaitExitOfFirst(SOON)).isZero();
		}
		finally {
			for (HttpConnection connection : connections) {
				connection.close();
			}
		}
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().probation(Duration.ofSeconds(1));
	}

}
