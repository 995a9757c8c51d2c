package benchmarks;

/**
 * What the starter costs on raw TCP, beside plain code with the same handler.
 */
final class TcpBenchmark implements Benchmark {

	private final int connections;

	private final Benchmark throughput;

	private final Benchmark idle;

	TcpBenchmark(Daemons daemons, int connections, int rounds, int seconds) {
		this.connections = connections;
		String threads = PlainLines.hasVirtualThreads() ? "a virtual thread" : "a platform thread";
		this.throughput = new ThroughputBenchmark("Raw TCP, " + threads + " a connection", daemons, rounds, seconds,
				new LineLoad(true), new LineLoad(false));
		this.idle = new IdleBenchmark(daemons, connections, rounds);
	}

	@Override
	public String run() throws Exception {
		// First: nobody likes to wait for that.
		IdleConnections.checkLimit(this.connections);
		return this.throughput.run() + System.lineSeparator() + this.idle.run();
	}

}
