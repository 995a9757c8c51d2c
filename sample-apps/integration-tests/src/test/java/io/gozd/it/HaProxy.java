package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * HAProxy, with an fcgi-app.
 *
 * @param getValues whether it asks the application what it can before its first request
 */
record HaProxy(boolean getValues) implements WebServer {

	@Override
	public Program program() {
		return new Program("haproxy", "haproxy");
	}

	@Override
	public List<String> configure(Path directory, int port, Endpoint application) throws IOException {
		String address = (application.path() != null) ? "unix@" + application.path()
				: application.host() + ":" + application.port();
		Path file = directory.resolve("haproxy.cfg");
		Files.writeString(file, """
				defaults
					mode http
					timeout connect 5s
					timeout client 60s
					timeout server 60s
				frontend web
					bind 127.0.0.1:%d
					default_backend application
				backend application
					use-fcgi-app gozd
					server gozd %s proto fcgi
				fcgi-app gozd
					docroot /
					%s
				""".formatted(port, address, this.getValues ? "option get-values" : ""));
		return List.of("-db", "-f", file.toString());
	}

	@Override
	public List<WebTrait> lacks() {
		return List.of(WebTrait.TAKES_CHUNKS, WebTrait.PASSES_AUTHORIZATION, WebTrait.TAKES_UNWANTED_BODIES);
	}

}
