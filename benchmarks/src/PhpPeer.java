package benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * php-fpm.
 *
 * @param script its program
 */
record PhpPeer(Path script) implements Peer {

	@Override
	public String title() {
		return "php-fpm, " + WORKERS + " workers";
	}

	@Override
	public Optional<String> missing() {
		return tool().isPresent() ? Optional.empty() : Optional.of("php-fpm (package php-fpm)");
	}

	/**
	 * The version stands in its name.
	 */
	private static Optional<Tool> tool() {
		return Stream.of("php-fpm", "php-fpm8.2", "php-fpm8.4", "php-fpm8.3", "php-fpm8.1", "php-fpm7.4")
			.map((name) -> new Tool(name, "php-fpm"))
			.filter((tool) -> tool.find().isPresent())
			.findFirst();
	}

	@Override
	public List<String> command(Path directory, Place place) throws IOException {
		boolean root = "root".equals(System.getProperty("user.name"));
		StringBuilder configuration = new StringBuilder("""
				[global]
				error_log = /dev/stderr
				daemonize = no
				""");
		for (Transport transport : Transport.values()) {
			String listen = (transport == Transport.UNIX) ? place.socket().toString() : "127.0.0.1:" + place.port();
			configuration.append("""
					[%s]
					listen = %s
					listen.backlog = 4096
					pm = static
					pm.max_children = %d
					%s
					""".formatted(transport, listen, WORKERS, root ? "user = root" : ""));
		}
		Path file = directory.resolve("php-fpm.conf");
		Files.writeString(file, configuration);
		List<String> command = new ArrayList<>(List.of(tool().orElseThrow().path(), "--nodaemonize", "--fpm-config",
				file.toString()));
		if (root) {
			command.add("--allow-to-run-as-root");
		}
		return command;
	}

	@Override
	public String nginxOptions() {
		return "fastcgi_param SCRIPT_FILENAME " + this.script + ";";
	}

}
