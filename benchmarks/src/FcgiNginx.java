package benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One nginx before all peers: a port for each of them and each transport. It keeps as
 * many connections to each as those have workers, and holds what it passes on in memory.
 */
final class FcgiNginx implements AutoCloseable {

	static final Tool TOOL = new Tool("nginx", "nginx");

	private static final String FASTCGI = """
			fastcgi_pass %s;
			fastcgi_keep_conn on;
			fastcgi_param REQUEST_METHOD $request_method;
			fastcgi_param REQUEST_URI $request_uri;
			fastcgi_param QUERY_STRING $query_string;
			fastcgi_param CONTENT_TYPE $content_type;
			fastcgi_param CONTENT_LENGTH $content_length;
			fastcgi_param SERVER_PROTOCOL $server_protocol;
			fastcgi_param REMOTE_ADDR $remote_addr;
			fastcgi_param SERVER_NAME $server_name;
			fastcgi_param SERVER_PORT $server_port;
			fastcgi_param HTTP_HOST $http_host;
			%s
			""";

	private static final String HTTP = """
			proxy_pass http://%s;
			proxy_http_version 1.1;
			proxy_set_header Connection "";
			proxy_set_header Host $http_host;
			proxy_set_header X-Forwarded-For $remote_addr;
			%s
			""";

	private final Child child;

	private final Map<Peer, Map<Transport, Integer>> ports;

	private FcgiNginx(Child child, Map<Peer, Map<Transport, Integer>> ports) {
		this.child = child;
		this.ports = ports;
	}

	static FcgiNginx before(Map<Peer, Place> peers, Path directory) throws IOException, InterruptedException {
		Map<Peer, Map<Transport, Integer>> ports = new LinkedHashMap<>();
		StringBuilder servers = new StringBuilder();
		for (Map.Entry<Peer, Place> each : peers.entrySet()) {
			Map<Transport, Integer> of = new LinkedHashMap<>();
			for (Transport transport : Transport.values()) {
				of.put(transport, Place.freePort());
				servers.append(server(each.getKey(), "p" + ports.size() + transport,
						each.getValue().address(transport), of.get(transport)));
			}
			ports.put(each.getKey(), of);
		}
		Path file = directory.resolve("nginx.conf");
		Files.writeString(file, """
				daemon off;
				pid nginx.pid;
				error_log stderr;
				%s
				worker_processes 1;
				worker_rlimit_nofile 4096;
				events {
					worker_connections 2048;
				}
				http {
					access_log off;
					keepalive_requests 100000000;
					client_body_temp_path client_body;
					client_body_buffer_size 256k;
					fastcgi_temp_path fastcgi;
					fastcgi_max_temp_file_size 0;
					proxy_temp_path proxy;
					proxy_max_temp_file_size 0;
					scgi_temp_path scgi;
					uwsgi_temp_path uwsgi;
				%s
				}
				""".formatted("root".equals(System.getProperty("user.name")) ? "user root;" : "", servers));
		Child child = Child.start(directory,
				List.of(TOOL.path(), "-e", "stderr", "-p", directory.toString(), "-c", file.toString()),
				() -> ports.keySet().stream().allMatch((peer) -> isServed(peer, ports)));
		return new FcgiNginx(child, ports);
	}

	private static String server(Peer peer, String name, String address, int port) {
		return """
				upstream %s {
					server %s;
					keepalive %d;
					keepalive_requests 100000000;
				}
				server {
					listen 127.0.0.1:%d backlog=4096;
					location / {
				%s
					}
				}
				""".formatted(name, address, Peer.WORKERS, port,
				(peer.speaksHttp() ? HTTP : FASTCGI).formatted(name, peer.nginxOptions()));
	}

	/**
	 * Whether it answers everything as it should: nothing else is worth to be measured.
	 */
	private static boolean isServed(Peer peer, Map<Peer, Map<Transport, Integer>> ports) {
		for (int port : ports.get(peer).values()) {
			for (Payload payload : Payload.values()) {
				try {
					if (!payload.isAnswer(ask(payload, port))) {
						return false;
					}
				}
				catch (IOException ex) {
					return false;
				}
			}
		}
		return true;
	}

	private static String ask(Payload payload, int port) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + port + payload.path())
			.toURL()
			.openConnection();
		connection.setRequestProperty("Connection", "close");
		payload.sendTo(connection);
		try (InputStream in = connection.getInputStream()) {
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	String uri(Peer peer, Transport transport, Payload payload) {
		return "http://127.0.0.1:" + this.ports.get(peer).get(transport) + payload.path();
	}

	@Override
	public void close() {
		this.child.close();
	}

}
