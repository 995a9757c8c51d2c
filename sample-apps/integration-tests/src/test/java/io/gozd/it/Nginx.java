package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * nginx. It tries nothing twice, as the clients of the tests don't.
 *
 * @param keepConn whether it keeps connections to the application
 * @param buffering whether it takes whole requests and answers before it passes them on
 * @param idle how long it keeps a connection that nobody uses
 */
record Nginx(boolean keepConn, boolean buffering, Duration idle) implements WebServer {

	static final Program PROGRAM = new Program("nginx", "nginx");

	/** As in the samples and in the documentation. */
	private static final String PARAMS = """
			fastcgi_param REQUEST_METHOD  $request_method;
			fastcgi_param REQUEST_URI     $request_uri;
			fastcgi_param QUERY_STRING    $query_string;
			fastcgi_param CONTENT_TYPE    $content_type;
			fastcgi_param CONTENT_LENGTH  $content_length;
			fastcgi_param SERVER_PROTOCOL $server_protocol;
			fastcgi_param REQUEST_SCHEME  $scheme;
			fastcgi_param HTTPS           $https if_not_empty;
			fastcgi_param REMOTE_ADDR     $remote_addr;
			fastcgi_param REMOTE_PORT     $remote_port;
			fastcgi_param SERVER_ADDR     $server_addr;
			fastcgi_param SERVER_PORT     $server_port;
			fastcgi_param SERVER_NAME     $server_name;
			fastcgi_param HTTP_HOST       $http_host;
			""";

	Nginx(boolean keepConn, boolean buffering) {
		this(keepConn, buffering, Duration.ofSeconds(60));
	}

	@Override
	public Program program() {
		return PROGRAM;
	}

	@Override
	public List<String> configure(Path directory, int port, Endpoint application) throws IOException {
		String address = (application.path() != null) ? "unix:" + application.path()
				: application.host() + ":" + application.port();
		Path file = directory.resolve("nginx.conf");
		Files.writeString(file, """
				daemon off;
				pid nginx.pid;
				error_log stderr;
				%s
				events {
				}
				http {
					access_log off;
					client_max_body_size 64m;
					client_body_temp_path client_body;
					fastcgi_temp_path fastcgi;
					proxy_temp_path proxy;
					scgi_temp_path scgi;
					uwsgi_temp_path uwsgi;
					upstream application {
						server %s;
						%s
					}
					server {
						listen 127.0.0.1:%d backlog=1024;
						location / {
							fastcgi_pass application;
							fastcgi_next_upstream off;
							fastcgi_keep_conn %s;
							fastcgi_buffering %s;
							fastcgi_request_buffering %s;
				%s
						}
					}
				}
				""".formatted(WebServer.isRoot() ? "user root;" : "", address, keepalive(), port, onOff(this.keepConn),
				onOff(this.buffering), onOff(this.buffering), PARAMS));
		return List.of("-e", "stderr", "-p", directory.toString(), "-c", file.toString());
	}

	/** With the one and not the other, nginx keeps connections that are closed. */
	private String keepalive() {
		return this.keepConn ? "keepalive 32; keepalive_timeout " + this.idle.toSeconds() + "s;" : "";
	}

	private static String onOff(boolean value) {
		return value ? "on" : "off";
	}

}
