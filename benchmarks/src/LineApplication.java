package benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The directive {@code lines} of the sample {@code tcp-daemon}, and the same handler in
 * plain code.
 */
final class LineApplication implements Application {

	private final Path jar;

	private final int maxConnections;

	/**
	 * An application of a jar.
	 * @param jar the jar with the starter
	 * @param maxConnections how many connections either variant serves at once
	 */
	LineApplication(Path jar, int maxConnections) {
		this.jar = jar;
		this.maxConnections = maxConnections;
	}

	@Override
	public List<String> arguments(Variant variant, Path directory, int port) {
		if (variant == Variant.WITHOUT) {
			return List.of("-cp", System.getProperty("java.class.path"), PlainLines.class.getName(),
					String.valueOf(port), String.valueOf(this.maxConnections));
		}
		return List.of("-jar", this.jar.toString(), "--gozd.run-directory=" + directory.resolve("run"),
				"--gozd.directives.lines.address=127.0.0.1:" + port,
				"--gozd.directives.lines.max-connections=" + this.maxConnections,
				"--gozd.directives.tcp_port.address=127.0.0.1:0",
				"--gozd.directives.tcp_sock.address=" + directory.resolve("tcp.sock"),
				// Without effect below 21.
				"--spring.threads.virtual.enabled=true");
	}

	@Override
	public String ask(int port) throws IOException {
		try (LineClient client = new LineClient(port)) {
			return client.ask();
		}
	}

}
