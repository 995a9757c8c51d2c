package benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * FastCGI of several makers behind the same nginx, which keeps its connections to them,
 * and the sample by HTTP beside them. All are up at once and loaded in turn.
 */
final class FcgiBenchmark implements Benchmark {

	private static final List<Integer> CONNECTIONS = List.of(1, 32, 256);

	/** Of each peer with each payload: the compiler of a JVM has done its work then. */
	private static final int WARM_UP_SECONDS = 5;

	private final List<Peer> all;

	private final Path work;

	private final Optional<Path> plots;

	private final int rounds;

	private final int seconds;

	private final Quiet quiet = new Quiet();

	/**
	 * A comparison.
	 * @param top the top of the repository
	 * @param work where the peers may write
	 * @param plots the directory where the plots are written, if they are wanted
	 */
	FcgiBenchmark(Path top, Path work, Optional<Path> plots, int rounds, int seconds) {
		Path jar = top.resolve("sample-apps/fcgi-std/target/fcgi-std.jar");
		Path sources = top.resolve("benchmarks/peers");
		this.all = List.of(new SamplePeer(jar, "fcgi"), new SamplePeer(jar, "http"),
				new GoPeer(sources.resolve("fcgi.go")), new PhpPeer(sources.resolve("fcgi.php")),
				new LibfcgiPeer(sources.resolve("fcgi.c")));
		this.work = work;
		this.plots = plots;
		this.rounds = rounds;
		this.seconds = seconds;
	}

	@Override
	public String run() throws Exception {
		if (FcgiNginx.TOOL.find().isEmpty()) {
			return "### FastCGI behind nginx\n\nNot measured: " + FcgiNginx.TOOL.missing() + " is not installed.\n";
		}
		List<Peer> peers = this.all.stream().filter((peer) -> peer.missing().isEmpty()).toList();
		List<FcgiCell> cells = new ArrayList<>();
		for (Transport transport : Transport.values()) {
			for (Payload payload : Payload.values()) {
				CONNECTIONS.forEach((connections) -> cells.add(new FcgiCell(transport, payload, connections)));
			}
		}
		measure(peers, cells);
		if (this.plots.isPresent()) {
			plot("Answers in a second behind nginx", "fcgi-throughput.svg", false, peers, cells);
			plot("The slowest hundredth behind nginx, in ms", "fcgi-p99.svg", true, peers, cells);
		}
		return """
				### FastCGI behind nginx

				Requests a second and the time within which 99 of 100 were answered, medians of %d rounds of %d s. nginx has one worker and keeps up to %d connections to each.

				"""
			.formatted(this.rounds, this.seconds, Peer.WORKERS)
				+ table(peers, cells) + missing() + "\n" + this.quiet.describe();
	}

	private void measure(List<Peer> peers, List<FcgiCell> cells) throws Exception {
		Map<Peer, Place> places = new LinkedHashMap<>();
		List<Child> children = new ArrayList<>();
		try {
			for (Peer peer : peers) {
				Path directory = Files.createTempDirectory(this.work, "peer");
				Place place = Place.in(directory);
				System.err.printf("fcgi: starting %s%n", peer.title());
				children.add(Child.start(directory, peer.command(directory, place), place::isListening));
				places.put(peer, place);
			}
			try (FcgiNginx nginx = FcgiNginx.before(places, Files.createTempDirectory(this.work, "nginx"))) {
				warmUp(nginx, peers);
				for (int round = 0; round < this.rounds; round++) {
					System.err.printf("fcgi: round %d of %d%n", round + 1, this.rounds);
					for (FcgiCell cell : cells) {
						measure(nginx, order(peers, round), cell);
					}
				}
			}
		}
		finally {
			children.forEach(Child::close);
		}
	}

	private void warmUp(FcgiNginx nginx, List<Peer> peers) throws IOException, InterruptedException {
		for (Peer peer : peers) {
			for (Payload payload : Payload.values()) {
				for (Transport transport : Transport.values()) {
					System.err.printf("fcgi: warming up %s, %s%n", peer.title(), payload.title());
					WrkRun.of(nginx.uri(peer, transport, payload), CONNECTIONS.get(1), WARM_UP_SECONDS,
							payload.wrkOptions(this.work));
				}
			}
		}
	}

	private void measure(FcgiNginx nginx, List<Peer> peers, FcgiCell cell) throws Exception {
		for (Peer peer : peers) {
			cell.add(peer, this.quiet.measure(() -> WrkRun.of(nginx.uri(peer, cell.transport(), cell.payload()),
					cell.connections(), this.seconds, cell.payload().wrkOptions(this.work))));
		}
	}

	/**
	 * Each round another one begins.
	 */
	private static List<Peer> order(List<Peer> peers, int round) {
		List<Peer> order = new ArrayList<>(peers);
		Collections.rotate(order, round);
		return order;
	}

	private String table(List<Peer> peers, List<FcgiCell> cells) {
		List<Peer> others = peers.subList(1, peers.size());
		StringBuilder table = new StringBuilder(row(Stream.concat(Stream.of("", "connections"),
				Stream.concat(peers.stream().map(Peer::title),
						others.stream().map((peer) -> "FastCGI / " + peer.title().split(",")[0])))));
		table.append("|---".repeat(2 + peers.size() + others.size())).append("|\n");
		for (FcgiCell cell : cells) {
			table.append(row(Stream.of(Stream.of(cell.payload().title() + ", " + cell.transport().title(),
					String.valueOf(cell.connections())), peers.stream().map(cell::text),
					others.stream().map((peer) -> String.format(Locale.ROOT, "%.2f", cell.ratio(peers.get(0), peer))))
				.flatMap((cellsOfRow) -> cellsOfRow)));
		}
		return table.toString();
	}

	private static String row(Stream<String> cells) {
		return cells.collect(Collectors.joining(" | ", "| ", " |\n"));
	}

	private String missing() {
		return this.all.stream()
			.flatMap((peer) -> peer.missing()
				.map((missing) -> "\n" + peer.title() + " is not in the table: " + missing + " is not installed.\n")
				.stream())
			.collect(Collectors.joining());
	}

	private void plot(String title, String file, boolean latency, List<Peer> peers, List<FcgiCell> cells)
			throws IOException {
		BarChart chart = new BarChart(title, peers.stream().map(Peer::title).toList(), latency);
		for (Transport transport : Transport.values()) {
			for (Payload payload : Payload.values()) {
				List<FcgiCell> panel = cells.stream()
					.filter((cell) -> cell.transport() == transport && cell.payload() == payload)
					.toList();
				chart.panel(payload.title() + ", " + transport.title(),
						panel.stream().map((cell) -> cell.connections() + " conn.").toList(),
						panel.stream()
							.map((cell) -> peers.stream()
								.map((peer) -> latency ? cell.p99Millis(peer) : cell.perSecond(peer))
								.toList())
							.toList());
			}
		}
		Files.createDirectories(this.plots.orElseThrow());
		Files.writeString(this.plots.orElseThrow().resolve(file), chart.svg());
	}

}
