package io.gozd.it;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The port of the actuator, where it is another one, and ports that nobody has chosen.
 */
@ExtendWith(DaemonExtension.class)
class ManagementPortIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final Pattern SERVER = Pattern.compile("(?:Tomcat|Undertow|Jetty) started on ports? (\\d+)");

	@Test
	void isInheritedAndAnswersAllTheTime(Daemons daemons) throws Exception {
		int port = FreePort.find();
		DaemonProcess daemon = daemons.start(command(daemons).arguments("--management.server.port=" + port,
				"--management.server.address=127.0.0.1"));
		try (HealthWatch health = HealthWatch.start(Endpoint.plain(port));
				Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			for (int i = 0; i < daemons.settings().swaps(); i++) {
				Swap swap = daemon.swap();
				daemon.awaitGone(swap.old(), LIMIT);
				health.awaitFurtherAnswers(20);
			}
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			Collection<String> failures = health.stop();
			assertThat(failures).isEmpty();
		}
	}

	@Test
	void keepsAPortThatTheKernelHasChosen(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons).anyPort();
		DaemonProcess daemon = daemons.launch(command);
		int port = announced(daemon, 0, 1);
		command.reachedAt(port);
		daemon.awaitServing();
		for (int generation = 2; generation < 4; generation++) {
			int mark = daemon.output().mark();
			daemon.swap();
			assertThat(announced(daemon, mark, 1)).isEqualTo(port);
			assertThat(daemon.get().generation()).isEqualTo(generation);
			daemon.awaitAlone(LIMIT);
		}
	}

	@Test
	void keepsBothPortsThatTheKernelHasChosen(Daemons daemons) throws IOException {
		DaemonCommand command = command(daemons).anyPort()
			.arguments("--management.server.port=0", "--management.server.address=127.0.0.1");
		DaemonProcess daemon = daemons.launch(command);
		int port = announced(daemon, 0, 1);
		int management = announced(daemon, 0, 2);
		assertThat(management).isNotEqualTo(port);
		command.reachedAt(port);
		daemon.awaitServing();
		int mark = daemon.output().mark();
		daemon.swap();
		assertThat(announced(daemon, mark, 1)).isEqualTo(port);
		assertThat(announced(daemon, mark, 2)).isEqualTo(management);
		daemon.awaitAlone(LIMIT);
		try (HttpConnection connection = HttpConnection.open(Endpoint.plain(management), LIMIT)) {
			HttpAnswer answer = connection.exchange(HttpRequest.get(HealthWatch.PATH));
			assertThat(answer.status()).isEqualTo(200);
			assertThat(answer.body()).contains("UP");
		}
	}

	/** The n-th port that a server has announced since. */
	private static int announced(DaemonProcess daemon, int mark, int number) {
		daemon.await("server " + number, DaemonProcess.START_LIMIT,
				() -> SERVER.matcher(daemon.output().since(mark)).results().count() >= number);
		Matcher matcher = SERVER.matcher(daemon.output().since(mark));
		for (int i = 0; i < number; i++) {
			matcher.find();
		}
		return Integer.parseInt(matcher.group(1));
	}

	private static DaemonCommand command(Daemons daemons) {
		return daemons.command().shortKeepAlive().probation(Duration.ofMillis(500));
	}

}
