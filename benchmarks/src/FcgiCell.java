package benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was measured of all peers with one transport, one payload and one number of
 * connections.
 */
final class FcgiCell {

	private final Transport transport;

	private final Payload payload;

	private final int connections;

	private final Map<Peer, List<WrkRun>> runs = new LinkedHashMap<>();

	FcgiCell(Transport transport, Payload payload, int connections) {
		this.transport = transport;
		this.payload = payload;
		this.connections = connections;
	}

	Transport transport() {
		return this.transport;
	}

	Payload payload() {
		return this.payload;
	}

	int connections() {
		return this.connections;
	}

	void add(Peer peer, WrkRun run) {
		this.runs.computeIfAbsent(peer, (key) -> new ArrayList<>()).add(run);
	}

	double perSecond(Peer peer) {
		return Samples.median(this.runs.get(peer).stream().map((run) -> run.rate().perSecond()).toList());
	}

	double p99Millis(Peer peer) {
		return Samples.median(this.runs.get(peer).stream().map((run) -> run.rate().p99Millis()).toList());
	}

	private long failures(Peer peer) {
		return this.runs.get(peer).stream().mapToLong(WrkRun::failures).sum();
	}

	/**
	 * Of a peer in the table: how many requests a second, and its slowest hundredth.
	 */
	String text(Peer peer) {
		long failures = failures(peer);
		return String.format(Locale.ROOT, "%,.0f/s, %s%s", perSecond(peer), millis(p99Millis(peer)),
				(failures > 0) ? String.format(Locale.ROOT, ", **%,d failed**", failures) : "");
	}

	private static String millis(double millis) {
		return String.format(Locale.ROOT, (millis < 10) ? "%.2f ms" : "%,.0f ms", millis);
	}

	/**
	 * How many times as many requests one peer answers as another: the median over the
	 * rounds.
	 */
	double ratio(Peer one, Peer other) {
		List<Double> ratios = new ArrayList<>();
		for (int round = 0; round < this.runs.get(one).size(); round++) {
			ratios.add(this.runs.get(one).get(round).rate().perSecond()
					/ this.runs.get(other).get(round).rate().perSecond());
		}
		return Samples.median(ratios);
	}

}
