package benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The sample {@code fcgi-std}, by FastCGI or by HTTP.
 *
 * @param jar its jar
 * @param protocol the protocol of its directives
 */
record SamplePeer(Path jar, String protocol) implements Peer {

	@Override
	public String title() {
		return (speaksHttp() ? "gozd HTTP" : "gozd FastCGI") + ", " + WORKERS + " threads";
	}

	@Override
	public Optional<String> missing() {
		return Optional.empty();
	}

	@Override
	public List<String> command(Path directory, Place place) {
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx512m",
				"-Djava.io.tmpdir=" + directory, "-jar", this.jar.toString(),
				// Instead of what the jar says.
				"--spring.config.location=optional:file:none/", "--server.tomcat.threads.max=" + WORKERS,
				"--gozd.run-directory=" + directory.resolve("run"),
				"--gozd.directives.port.address=127.0.0.1:" + place.port(),
				"--gozd.directives.port.protocol=" + this.protocol, "--gozd.directives.port.backlog=4096",
				"--gozd.directives.socket.address=" + place.socket(),
				"--gozd.directives.socket.protocol=" + this.protocol, "--gozd.directives.socket.backlog=4096");
	}

	@Override
	public boolean speaksHttp() {
		return this.protocol.equals("http");
	}

}
