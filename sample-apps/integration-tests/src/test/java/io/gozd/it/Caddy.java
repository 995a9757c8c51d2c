package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Caddy, with its FastCGI transport.
 */
record Caddy() implements WebServer {

	@Override
	public Program program() {
		return new Program("caddy", "caddy");
	}

	@Override
	public List<String> configure(Path directory, int port, Endpoint application) throws IOException {
		String address = (application.path() != null) ? "unix/" + application.path()
				: application.host() + ":" + application.port();
		Path file = directory.resolve("Caddyfile");
		Files.writeString(file, """
				{
					admin off
					auto_https off
				}
				http://127.0.0.1:%d {
					bind 127.0.0.1
					reverse_proxy %s {
						transport fastcgi
					}
				}
				""".formatted(port, address));
		return List.of("run", "--config", file.toString(), "--adapter", "caddyfile");
	}

	@Override
	public Map<String, String> environment(Path directory) {
		// Where it would keep certificates.
		return Map.of("XDG_DATA_HOME", directory.toString(), "XDG_CONFIG_HOME", directory.toString());
	}

}
