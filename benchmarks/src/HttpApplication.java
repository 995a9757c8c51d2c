package benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The sample {@code http-daemon}, and the same jar without the starter.
 */
final class HttpApplication implements Application {

	private final Path with;

	private final Path without;

	/**
	 * An application of a jar.
	 * @param jar the jar with the starter
	 * @param plainJar where to put the one without it
	 */
	HttpApplication(Path jar, Path plainJar) {
		this.with = jar;
		this.without = plainJar;
	}

	@Override
	public List<String> arguments(Variant variant, Path directory, int port) throws IOException {
		return List.of("-jar", jar(variant).toString(), "--server.address=127.0.0.1", "--server.port=" + port,
				"--gozd.run-directory=" + directory.resolve("run"));
	}

	private Path jar(Variant variant) throws IOException {
		if (variant == Variant.WITH) {
			return this.with;
		}
		return Files.exists(this.without) ? this.without : PlainJar.of(this.with, this.without);
	}

	@Override
	public String ask(int port) throws IOException {
		URLConnection connection = URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
		// A kept connection would keep the daemon, too, when it is stopped.
		connection.setRequestProperty("Connection", "close");
		try (InputStream in = connection.getInputStream()) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
