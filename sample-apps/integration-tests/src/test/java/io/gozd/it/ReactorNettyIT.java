package io.gozd.it;

import java.time.Duration;
import java.util.regex.Pattern;

import io.gozd.it.fixture.ReactorNettyApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A web server that can't take a listener from others: the application runs, and whoever
 * wants to reload it is told why that is not possible.
 */
@ExtendWith(DaemonExtension.class)
class ReactorNettyIT {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final String REASON = "The embedded server (Reactor Netty) binds its address itself";

	@Test
	void servesOnAndSaysWhyItIsNotReloaded(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(command(daemons));
		long pid = daemon.pid();
		assertThat(daemon.output().lines(0, Pattern.compile("can't be reloaded"))).singleElement()
			.asString()
			.contains("WARN", REASON);
		try (Load load = Load.start(LoadOptions.light(daemon.endpoint()))) {
			load.awaitFurtherAnswers(50);
			for (int i = 0; i < 2; i++) {
				assertThat(daemon.failToSwap(LIMIT)).contains(REASON);
				assertThat(daemon.running()).containsExactly(pid);
			}
			load.awaitFurtherAnswers(50);
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid()).containsOnlyKeys(pid);
		}
		Signal.TERM.sendTo(pid);
		assertThat(daemon.awaitExitOfFirst(LIMIT)).isZero();
	}

	private static DaemonCommand command(Daemons daemons) {
		DaemonCommand command = daemons.command("tcp-daemon");
		DirectivesFile.of(command).write();
		return command.arguments("--server.address=127.0.0.1", "--server.port=" + command.endpoint().port())
			.jar(daemons.sample("tcp-daemon")
				.variant()
				.configuration(ReactorNettyApplication.class)
				.libraries(Pattern.compile("spring-web(flux)?-.*|reactor-.*|reactive-streams-.*|netty-.*"))
				.writeTo(command.ownJar()));
	}

}
