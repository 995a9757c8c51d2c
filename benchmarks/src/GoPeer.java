package benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Go's {@code net/http/fcgi}.
 *
 * @param source its program
 */
record GoPeer(Path source) implements Peer {

	private static final Tool GO = new Tool("go", "golang-go");

	@Override
	public String title() {
		return "Go net/http/fcgi";
	}

	@Override
	public Optional<String> missing() {
		return GO.find().isPresent() ? Optional.empty() : Optional.of(GO.missing());
	}

	@Override
	public List<String> command(Path directory, Place place) throws IOException, InterruptedException {
		Path program = directory.resolve("fcgi");
		run(Map.of("GO111MODULE", "off", "GOCACHE", directory.resolve("cache").toString(), "GOFLAGS", ""), GO.path(),
				"build", "-o", program.toString(), this.source.toString());
		return List.of(program.toString(), String.valueOf(place.port()), place.socket().toString());
	}

	/**
	 * Runs a compiler.
	 */
	static void run(Map<String, String> environment, String... command) throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().putAll(environment);
		Process process = builder.start();
		String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		if (process.waitFor() != 0) {
			throw new IOException(String.join(" ", command) + " failed: " + out);
		}
	}

}
