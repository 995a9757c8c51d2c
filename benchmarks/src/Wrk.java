package benchmarks;

import java.io.IOException;
import java.util.List;

/**
 * Load of HTTP, made by wrk.
 */
final class Wrk implements Load {

	private final boolean keepAlive;

	Wrk(boolean keepAlive) {
		this.keepAlive = keepAlive;
	}

	@Override
	public Rate run(Daemon daemon, int seconds) throws IOException, InterruptedException {
		WrkRun run = WrkRun.of("http://127.0.0.1:" + daemon.port() + "/", CLIENTS, seconds,
				this.keepAlive ? List.of() : List.of("--header", "Connection: close"));
		if (run.failures() > 0) {
			throw new IOException("wrk failed: " + run.output());
		}
		return run.rate();
	}

}
