package io.gozd.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.gozd.it.DaemonProcess.Swap;
import io.gozd.it.LoadOptions.Mode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Swap after swap under a load that never retries.
 */
@Isolated("takes all of the machine")
@Execution(ExecutionMode.SAME_THREAD)
@ExtendWith(DaemonExtension.class)
class SwapUnderLoadIT {

	private static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(60);

	/** Not the exit timeout, which is a quarter of an hour. */
	private static final Duration GRACE = Duration.ofMinutes(1);

	@EachJava
	void losesNothingOnFreshAndKeptConnections(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().java(java);
		swapUnderLoad(daemons, command, LoadOptions.full(command.endpoint(), Mode.MIXED));
	}

	@EachJava
	void losesNothingOnKeptConnectionsThatPause(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().java(java);
		swapUnderLoad(daemons, command,
				LoadOptions.full(command.endpoint(), Mode.KEEPALIVE).thinking(Duration.ofMillis(20)));
	}

	@EachJava(inShortForm = false)
	void losesNothingThroughTls(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().java(java);
		command.secured(Tls.generate(java, command.home()));
		swapUnderLoad(daemons, command,
				LoadOptions.full(command.endpoint(), Mode.MIXED).thinking(Duration.ofMillis(5)));
	}

	private void swapUnderLoad(Daemons daemons, DaemonCommand command, LoadOptions options) throws Exception {
		SuiteSettings settings = daemons.settings();
		command.inProduction();
		if (settings.full()) {
			// A start beside a load without a pace takes as long as the machine is slow.
			command.arguments("--gozd.reload.timeout=3m");
		}
		else {
			command.shortKeepAlive().probation(Duration.ofSeconds(1));
		}
		DaemonProcess daemon = daemons.start(command);
		List<Long> pids = new ArrayList<>(List.of(daemon.pid()));
		try (Departures departures = new Departures(); Load load = Load.start(options)) {
			for (int i = 0; i < settings.swaps(); i++) {
				Swap swap = daemon.swap();
				departures.expect(swap.old(), DEFAULT_KEEP_ALIVE.plus(GRACE));
				pids.add(swap.successor());
				load.awaitAnswerOf(swap.successor());
				load.awaitFurtherAnswers(200);
			}
			LoadReport report = load.stop();
			assertThat(report.failures()).as(report.toString()).isEmpty();
			assertThat(report.byPid().keySet()).containsExactlyInAnyOrderElementsOf(pids);
			assertThat(report.byGeneration().keySet())
				.containsExactlyElementsOf(IntStream.rangeClosed(1, pids.size()).boxed().toList());
			departures.awaitAll();
		}
		daemon.awaitAlone(GRACE);
		assertThat(daemon.awaitExitOfFirst(GRACE)).isZero();
	}

}
