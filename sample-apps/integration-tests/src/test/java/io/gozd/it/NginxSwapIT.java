package io.gozd.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.LoadOptions.Mode;
import io.gozd.it.fixture.FrontEndController;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Swap after swap behind nginx, which keeps connections or does not, on TCP and on a Unix
 * socket, all at once and under a load that never retries.
 */
@Isolated("takes all of the machine")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(DaemonExtension.class)
class NginxSwapIT {

	/** How long nginx keeps a connection that nobody uses. */
	private static final Duration IDLE = Duration.ofSeconds(3);

	private static final Duration SETTLED = Duration.ofSeconds(30);

	private static final Duration THINK = Duration.ofMillis(10);

	private static final int CLIENTS = 8;

	@EachJava(inShortForm = false)
	void losesNothingBehindNginx(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command("fcgi-std").java(java).inProduction();
		command.jar(
				daemons.sample("fcgi-std").variant().configuration(FrontEndController.class).writeTo(command.ownJar()));
		Endpoint port = Endpoint.plain(FreePort.find());
		Path path = command.home().resolve("fcgi.sock");
		command.arguments(ConfiguredDirective.at("fcgi_port", port.port()).arguments())
			.arguments(ConfiguredDirective.at("fcgi_sock", path).arguments())
			.answersFcgiAt(port);
		if (!daemons.settings().full()) {
			command.probation(Duration.ofSeconds(1));
		}
		List<FrontEnd> frontEnds = new ArrayList<>();
		List<Load> loads = new ArrayList<>();
		DaemonProcess daemon = daemons.start(command);
		try (Departures departures = new Departures()) {
			for (Endpoint application : List.of(port, Endpoint.unix(path))) {
				for (boolean keepConn : List.of(true, false)) {
					FrontEnd frontEnd = FrontEnd.start(new Nginx(keepConn, true, IDLE), daemons.directory("nginx"),
							application);
					frontEnds.add(frontEnd);
					LoadOptions options = LoadOptions.full(frontEnd.endpoint(), Mode.KEEPALIVE)
						.clients(CLIENTS)
						.thinking(THINK);
					loads.add(Load.start(options, LoadClient::withTokens));
				}
			}
			int swaps = daemons.settings().swaps();
			for (int i = 0; i < swaps; i++) {
				Swap swap = daemon.swap();
				departures.expect(swap.old(), IDLE.plus(SETTLED));
				loads.forEach((load) -> load.awaitFurtherAnswers(100));
			}
			for (Load load : loads) {
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid()).hasSize(swaps + 1);
			}
			departures.awaitAll();
		}
		finally {
			loads.forEach(Load::close);
			frontEnds.forEach(FrontEnd::close);
		}
		daemon.awaitAlone(SETTLED);
		assertThat(daemon.awaitExitOfFirst(SETTLED)).isZero();
	}

}
