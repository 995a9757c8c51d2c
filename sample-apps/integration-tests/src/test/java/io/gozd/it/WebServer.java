package io.gozd.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A web server that can stand before a FastCGI directive, as {@code docs/fastcgi.md} says
 * that it should be configured.
 */
interface WebServer {

	/**
	 * What has to be installed.
	 */
	Program program();

	/**
	 * Writes its configuration.
	 * @param directory where it may write
	 * @param port where it is to listen, on 127.0.0.1
	 * @param application where the directive listens, on a port or a Unix socket
	 * @return its arguments, with which it stays in the foreground
	 */
	List<String> configure(Path directory, int port, Endpoint application) throws IOException;

	/**
	 * What stands in the environment of its process.
	 */
	default Map<String, String> environment(Path directory) {
		return Map.of();
	}

	/**
	 * What it can't do, so that nobody expects it.
	 */
	default List<WebTrait> lacks() {
		return List.of();
	}

	/**
	 * Whether the tests run as root: some servers become another user then.
	 */
	static boolean isRoot() {
		return "root".equals(System.getProperty("user.name"));
	}

}
