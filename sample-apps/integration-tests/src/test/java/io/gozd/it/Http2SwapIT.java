package io.gozd.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Swaps under HTTP/2: every stream that was begun is answered.
 */
@ExtendWith(DaemonExtension.class)
class Http2SwapIT {

	private static final int CONNECTIONS_PER_SECOND = 20;

	private static final int ROUND_SECONDS = 5;

	private static final int STREAMS = 8;

	private static final int KEPT_CONNECTIONS = 4;

	/** More than slow requests at once, or the others wait for those. */
	private static final int THREADS = 200;

	private static final Duration ROUND_LIMIT = Duration.ofSeconds(60);

	/** An idle connection is told to go, has some time to do so, and is closed. */
	private static final Duration GONE = Duration.ofSeconds(25);

	@EachJava(inShortForm = false)
	void losesNoStreamThroughTls(JavaHome java, Daemons daemons) throws Exception {
		DaemonCommand command = daemons.command().java(java);
		swapUnderStreams(daemons, command.secured(Tls.generate(java, command.home())));
	}

	@EachJava(inShortForm = false)
	void losesNoStreamInCleartext(JavaHome java, Daemons daemons) throws Exception {
		swapUnderStreams(daemons, daemons.command().java(java));
	}

	/** Connections that come and go all the time, beside others that stay. */
	private void swapUnderStreams(Daemons daemons, DaemonCommand command) throws Exception {
		H2Load.assumeInstalled();
		command
			.arguments("--server.http2.enabled=true", daemons.jar().server().argument(ServerSetting.THREADS, THREADS))
			.probation(Duration.ofSeconds(1));
		DaemonProcess daemon = daemons.start(command);
		AtomicBoolean stop = new AtomicBoolean();
		CompletableFuture<List<H2Load.Result>> rounds = CompletableFuture.supplyAsync(() -> rounds(daemon, stop));
		try (Http2Load kept = Http2Load.start(daemon.endpoint(), KEPT_CONNECTIONS)) {
			for (int i = 0; i < daemons.settings().swaps(); i++) {
				Swap swap = daemon.swap();
				daemon.awaitGone(swap.old(), GONE);
				kept.awaitFurtherAnswers(100);
			}
			assertThat(kept.stop()).as(kept.toString()).isEmpty();
		}
		finally {
			stop.set(true);
		}
		long requests = (long) CONNECTIONS_PER_SECOND * ROUND_SECONDS * STREAMS;
		assertThat(rounds.get()).isNotEmpty()
			.allSatisfy((result) -> assertThat(result).isEqualTo(new H2Load.Result(requests, requests, 0, 0, 0)));
	}

	private static List<H2Load.Result> rounds(DaemonProcess daemon, AtomicBoolean stop) {
		List<H2Load.Result> results = new ArrayList<>();
		do {
			Path output = daemon.command().home().resolve("h2load." + results.size());
			try (H2Load round = H2Load.start(daemon.endpoint().uri("http", "/slow?ms=200"), output,
					CONNECTIONS_PER_SECOND, ROUND_SECONDS, STREAMS)) {
				H2Load.Result result = round.awaitEnd(ROUND_LIMIT);
				Tally.requests(result.succeeded(), result.total() - result.succeeded());
				results.add(result);
			}
		}
		while (!stop.get());
		return results;
	}

}
