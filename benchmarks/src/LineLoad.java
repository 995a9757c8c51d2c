package benchmarks;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * Load of raw TCP: each client has a thread and a blocking socket, and sends a line when
 * it has the answer to the one before. Fresh connections are closed in the ordinary way,
 * without a reset, by the client: on loopback Linux uses a port again after a second
 * ({@code net.ipv4.tcp_tw_reuse}, by default), so there are enough of them.
 */
final class LineLoad implements Load {

	private static final int GRACE_SECONDS = 30;

	private final boolean keepAlive;

	LineLoad(boolean keepAlive) {
		this.keepAlive = keepAlive;
	}

	@Override
	public Rate run(Daemon daemon, int seconds) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(CLIENTS, LineLoad::thread);
		try {
			long start = System.nanoTime();
			long end = start + TimeUnit.SECONDS.toNanos(seconds);
			Callable<LongStream> client = () -> this.keepAlive ? onOneConnection(daemon.port(), end)
					: onFreshConnections(daemon.port(), end);
			List<Future<LongStream>> clients = threads.invokeAll(Collections.nCopies(CLIENTS, client),
					seconds + GRACE_SECONDS, TimeUnit.SECONDS);
			double elapsed = (System.nanoTime() - start) / 1e9;
			LongStream all = LongStream.empty();
			for (Future<LongStream> one : clients) {
				if (one.isCancelled()) {
					throw new IOException("A client still waits for an answer");
				}
				all = LongStream.concat(all, one.get());
			}
			long[] nanos = all.sorted().toArray();
			return new Rate(nanos.length / elapsed, nanos[(int) (nanos.length * 0.99)] / 1e6);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static LongStream onOneConnection(int port, long end) throws IOException {
		LongStream.Builder nanos = LongStream.builder();
		try (LineClient client = new LineClient(port)) {
			long now = System.nanoTime();
			while (now - end < 0) {
				client.ask();
				long before = now;
				now = System.nanoTime();
				nanos.add(now - before);
			}
		}
		return nanos.build();
	}

	private static LongStream onFreshConnections(int port, long end) throws IOException {
		LongStream.Builder nanos = LongStream.builder();
		long now = System.nanoTime();
		while (now - end < 0) {
			try (LineClient client = new LineClient(port)) {
				client.ask();
			}
			long before = now;
			now = System.nanoTime();
			nanos.add(now - before);
		}
		return nanos.build();
	}

	/** One that waits for an answer in vain must not keep the JVM. */
	private static Thread thread(Runnable client) {
		Thread thread = new Thread(client, "client");
		thread.setDaemon(true);
		return thread;
	}

}
