package io.gozd.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.LoadOptions.Mode;
import io.gozd.it.fixture.TokenController;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Swap after swap of a daemon that speaks FastCGI, under a load that never retries, and
 * that knows each answer by its token.
 */
@Needs(ServerTrait.FASTCGI)
@Isolated("takes all of the machine")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(DaemonExtension.class)
class FcgiSwapIT {

	private static final Duration SETTLED = Duration.ofMinutes(1);

	private static final Duration THINK = Duration.ofMillis(3);

	@EachJava
	void losesNothingOnFreshAndKeptConnections(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().withoutAddress().java(java);
		command.jar(daemons.jar().variant().configuration(TokenController.class).writeTo(command.ownJar()));
		Endpoint unix = Endpoint.unix(command.home().resolve("fcgi.sock"));
		Endpoint tcp = Endpoint.plain(FreePort.find());
		command.arguments(fcgi("sock", unix.path().toString()).arguments())
			.arguments(fcgi("port", "127.0.0.1:" + tcp.port()).arguments())
			.answersFcgiAt(unix);
		if (!daemons.settings().full()) {
			command.probation(Duration.ofSeconds(1));
		}
		DaemonProcess daemon = daemons.start(command);
		List<Load> loads = new ArrayList<>();
		try (Departures departures = new Departures()) {
			for (Endpoint endpoint : List.of(unix, tcp)) {
				loads.add(Load.start(new LoadOptions(endpoint, Mode.MIXED, 8, THINK, Duration.ofSeconds(20)),
						FcgiClient::new));
			}
			for (int i = 0; i < daemons.settings().swaps(); i++) {
				Swap swap = daemon.swap();
				departures.expect(swap.old(), SETTLED);
				for (Load load : loads) {
					load.awaitAnswerOf(swap.successor());
					load.awaitFurtherAnswers(300);
				}
			}
			for (Load load : loads) {
				LoadReport report = load.stop();
				assertThat(report.failures()).as(report.toString()).isEmpty();
				assertThat(report.byPid()).hasSize(daemons.settings().swaps() + 1);
			}
			departures.awaitAll();
		}
		finally {
			loads.forEach(Load::close);
		}
		assertThat(daemon.awaitExitOfFirst(SETTLED)).isZero();
	}

	@EachJava(inShortForm = false)
	void worksWithoutAnyPortOfHttp(JavaHome java, Daemons daemons) throws IOException {
		DaemonCommand command = daemons.command().withoutAddress().java(java);
		Path path = command.home().resolve("fcgi.sock");
		command.arguments(fcgi("only", path.toString()).arguments()).answersFcgiAt(Endpoint.unix(path));
		DaemonProcess daemon = daemons.start(command);
		// The control socket and that of the directive.
		assertThat(ListeningSockets.of(daemon.pid())).hasSize(2);
		Swap swap = daemon.swap();
		assertThat(daemon.ask().pid()).isEqualTo(swap.successor());
		daemon.awaitGone(swap.old(), SETTLED);
		Signal.TERM.sendTo(daemon.pid());
		daemon.await("the end of all", SETTLED, () -> daemon.running().isEmpty());
		assertThat(path).doesNotExist();
	}

	private static ConfiguredDirective fcgi(String id, String address) {
		return ConfiguredDirective.at(id, address).with("protocol", "fcgi");
	}

}
