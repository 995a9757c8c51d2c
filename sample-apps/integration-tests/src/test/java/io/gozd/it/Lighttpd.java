package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * lighttpd, with its mod_fastcgi.
 */
record Lighttpd() implements WebServer {

	@Override
	public Program program() {
		return new Program("lighttpd", "lighttpd");
	}

	@Override
	public List<String> configure(Path directory, int port, Endpoint application) throws IOException {
		String address = (application.path() != null) ? "\"socket\" => \"" + application.path() + "\""
				: "\"host\" => \"" + application.host() + "\", \"port\" => " + application.port();
		Path file = directory.resolve("lighttpd.conf");
		Files.writeString(file, """
				server.modules = ( "mod_fastcgi" )
				server.bind = "127.0.0.1"
				server.port = %d
				server.document-root = "%s"
				server.upload-dirs = ( "%s" )
				# Passes on what comes as it comes: event streams need it.
				server.stream-response-body = 1
				fastcgi.server = ( "/" => (( %s, "check-local" => "disable", "fix-root-scriptname" => "enable" )) )
				""".formatted(port, directory, directory, address));
		return List.of("-D", "-f", file.toString());
	}

}
