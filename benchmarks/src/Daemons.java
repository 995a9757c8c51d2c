package benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts daemons of either variant, each with a port and directories of its own.
 */
final class Daemons {

	private final Path work;

	private final Application application;

	Daemons(Path work, Application application) {
		this.work = work;
		this.application = application;
	}

	/**
	 * Starts one and waits for its first answer.
	 */
	Daemon start(Variant variant, String... jvmOptions) throws IOException, InterruptedException {
		Path directory = Files.createTempDirectory(this.work, variant.name().toLowerCase() + "-");
		Path log = directory.resolve("log");
		int port = freePort();
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of(jvmOptions));
		command.add("-Djava.io.tmpdir=" + directory);
		command.addAll(this.application.arguments(variant, directory, port));
		long start = System.nanoTime();
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		Daemon daemon = new Daemon(process, port, log);
		// Ctrl-C must not leave it behind.
		Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
		daemon.awaitAnswer(start, this.application, (variant == Variant.WITH) ? " gen=1 " : " gen=0 ");
		return daemon;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(new InetSocketAddress("127.0.0.1", 0));
			return socket.getLocalPort();
		}
	}

}
