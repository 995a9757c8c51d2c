package io.gozd.it;

import java.time.Duration;

import io.gozd.it.DaemonProcess.Swap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A kept connection on which nothing runs while its daemon is swapped.
 */
@ExtendWith(DaemonExtension.class)
class IdleConnectionIT {

	private static final Duration KEEP_ALIVE = Duration.ofSeconds(5);

	/** Not the exit timeout, which is a quarter of an hour. */
	private static final Duration LIMIT = Duration.ofMinutes(1);

	@Test
	void isAnsweredOnceMoreAndThenClosed(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons.start(daemons.command().probation(Duration.ofSeconds(1)));
		try (HttpConnection connection = daemon.open()) {
			assertThat(connection.exchange(HttpRequest.get("/")).closesConnection()).isFalse();
			Swap swap = daemon.swap();
			HttpAnswer answer = connection.exchange(HttpRequest.get("/"));
			assertThat(answer.pid()).isEqualTo(swap.old());
			assertThat(answer.closesConnection()).isTrue();
			assertThat(connection.isEnded()).isTrue();
			daemon.awaitGone(swap.old(), LIMIT);
		}
	}

	@Test
	void isClosedByTheKeepAliveTimeoutAndNotBefore(Daemons daemons) throws Exception {
		DaemonProcess daemon = daemons
			.start(daemons.command().keepAliveTimeout(KEEP_ALIVE).probation(Duration.ofMillis(500)));
		try (HttpConnection connection = daemon.open()) {
			// By the clock of the server it begins later.
			long idleSince = System.nanoTime();
			connection.exchange(HttpRequest.get("/"));
			Swap swap = daemon.swap();
			assertThat(connection.isEnded()).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - idleSince)).isGreaterThanOrEqualTo(KEEP_ALIVE);
			daemon.awaitGone(swap.old(), LIMIT);
		}
	}

}
