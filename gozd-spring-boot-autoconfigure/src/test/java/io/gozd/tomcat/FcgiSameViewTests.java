package io.gozd.tomcat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.gozd.fcgi.FcgiBytes;
import io.gozd.listener.FcgiSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The same request through HTTP and through FastCGI is the same for the application: ten
 * thousand of them, good and bad.
 */
final class FcgiSameViewTests {

	private static final int CASES = 10_000;

	private static final long SEED = Long.getLong("gozd.view.seed", 42);

	private static final List<String> METHODS = List.of("GET", "GET", "POST", "POST", "PUT", "DELETE", "PATCH",
			"OPTIONS", "PROPFIND", "get", "X-1");

	private static final List<String> PATHS = List.of("/", "/a", "/b%20c", "/%C3%BC", "/%41", "/.", "/..", "/%2e%2e",
			"//", ";p=1", "/;x", "/d;q=2/e", "/~x", "/+", "/!$&'()*,=:@", "/%7Bx%7D", "/view");

	private static final List<String> BAD_PATHS = List.of("/%", "/%2", "/%zz", "/%2F", "/%00", "/%5C", "/{", "/\"",
			"/|", "/[", "/\\", "/^", "/`", "/<", "/\u00fc");

	private static final List<String> QUERIES = List.of("a=1", "b=%C3%BC", "a=2", "c", "=d", "e=f+g", "h=%26%3D",
			"i=/?:@", "j=;k", "%41=%42", "l=%FF", "&", "");

	private static final List<String> BAD_QUERIES = List.of("a=\"", "a={", "a=^", "a=|x|<", "a=\u00fc");

	private static final List<String> NAMES = List.of("Accept", "User-Agent", "Cookie", "X-A", "x-a", "X-Long-Name-1",
			"Authorization", "If-None-Match", "Range", "X-Forwarded-For", "Accept-Language", "X--B");

	private static final List<String> TYPES = List.of("text/plain", "application/x-www-form-urlencoded",
			"application/json;charset=UTF-8", "application/x-www-form-urlencoded; charset=ISO-8859-1");

	@TempDir
	private Path directory;

	@Test
	void isSeen() throws Exception {
		try (EmbeddedTomcat tomcat = new EmbeddedTomcat(this.directory, List.of())
			.fcgi(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), FcgiSettings.DEFAULTS)
			.servlet("/", FcgiServlets.view())
			.servlet("/view/*", FcgiServlets.view())
			.serve(); Clients clients = new Clients(tomcat)) {
			Random random = new Random(SEED);
			int good = 0;
			for (int i = 0; i < CASES; i++) {
				Case each = Case.of(random);
				String http = clients.http(each);
				assertThat(clients.fcgi(each)).as("case " + i + " of " + SEED + ": " + each).isEqualTo(http);
				good += http.startsWith("200") ? 1 : 0;
			}
			assertThat(good).isBetween(CASES / 2, CASES * 19 / 20);
		}
	}

	/** One connection of each kind, opened again after an error. */
	private static final class Clients implements AutoCloseable {

		private final EmbeddedTomcat tomcat;

		private HttpSocket http;

		private FcgiSocket fcgi;

		Clients(EmbeddedTomcat tomcat) throws IOException {
			this.tomcat = tomcat;
			this.http = tomcat.connect();
			this.fcgi = tomcat.connectFcgi();
		}

		String http(Case each) throws IOException {
			this.http.write(each.http());
			HttpAnswer answer = this.http.answer();
			if (!answer.status().equals("200")) {
				this.http.close();
				this.http = this.tomcat.connect();
				return answer.status();
			}
			if (answer.headers("Connection").contains("close")) {
				this.http.close();
				this.http = this.tomcat.connect();
			}
			return "200 " + answer.body();
		}

		String fcgi(Case each) throws IOException {
			this.fcgi.send(each.fcgi());
			FcgiAnswer answer = this.fcgi.answer(1);
			String status = answer.status().split(" ")[0];
			if (!status.equals("200")) {
				this.fcgi.close();
				this.fcgi = this.tomcat.connectFcgi();
				return status;
			}
			return "200 " + answer.body();
		}

		@Override
		public void close() throws IOException {
			this.http.close();
			this.fcgi.close();
		}

	}

	/**
	 * A request.
	 *
	 * @param headers names and values in turn
	 */
	private record Case(String method, String path, String query, List<String> headers, String type, byte[] body,
			boolean chunked) {

		static Case of(Random random) {
			boolean badPath = random.nextInt(25) == 0;
			boolean badQuery = random.nextInt(25) == 0;
			StringBuilder path = new StringBuilder("/");
			for (int i = random.nextInt(5); i > 0; i--) {
				path.append(any(random, badPath ? BAD_PATHS : PATHS));
			}
			StringBuilder query = new StringBuilder((random.nextInt(3) == 0) ? "" : "?");
			for (int i = query.isEmpty() ? 0 : random.nextInt(5); i > 0; i--) {
				query.append((query.length() > 1) ? "&" : "").append(any(random, badQuery ? BAD_QUERIES : QUERIES));
			}
			List<String> headers = new ArrayList<>();
			for (int i = random.nextInt(12); i > 0; i--) {
				headers.add(any(random, NAMES));
				headers.add(value(random));
			}
			// Tomcat resets a connection of HTTP whose request is bad before it has all
			// of it.
			boolean body = !badPath && !badQuery && random.nextInt(2) == 0;
			return new Case(any(random, METHODS), path.toString(), query.toString(), headers,
					body ? any(random, TYPES) : "", body ? body(random) : new byte[0], body && random.nextInt(4) == 0);
		}

		private static byte[] body(Random random) {
			if (random.nextInt(2) == 0) {
				return String.join("&", any(random, QUERIES), "m=n", any(random, QUERIES))
					.getBytes(StandardCharsets.ISO_8859_1);
			}
			byte[] body = new byte[1 + random.nextInt((random.nextInt(20) == 0) ? 60_000 : 300)];
			for (int i = 0; i < body.length; i++) {
				body[i] = (byte) random.nextInt(256);
			}
			return body;
		}

		private static String value(Random random) {
			StringBuilder value = new StringBuilder();
			for (int i = random.nextInt(30); i > 0; i--) {
				int c = random.nextInt(20);
				value.append((c == 0) ? '\t' : (c < 3) ? ' '
						: (c < 5) ? (char) (0xa1 + random.nextInt(90)) : (char) ('!' + random.nextInt(94)));
			}
			return value.toString().strip();
		}

		private static String any(Random random, List<String> words) {
			return words.get(random.nextInt(words.size()));
		}

		String http() {
			StringBuilder text = new StringBuilder(
					this.method + " " + this.path + this.query + " HTTP/1.1\r\nHost: example.org:81\r\n");
			for (int i = 0; i < this.headers.size(); i += 2) {
				text.append(this.headers.get(i)).append(": ").append(this.headers.get(i + 1)).append("\r\n");
			}
			text.append(this.type.isEmpty() ? "" : "Content-Type: " + this.type + "\r\n");
			String body = new String(this.body, StandardCharsets.ISO_8859_1);
			if (this.chunked) {
				text.append("Transfer-Encoding: chunked\r\n\r\n").append(Integer.toHexString(body.length()));
				text.append("\r\n").append(body).append("\r\n0\r\n\r\n");
			}
			else {
				text.append((this.body.length > 0) ? "Content-Length: " + this.body.length + "\r\n\r\n" : "\r\n");
				text.append(body);
			}
			return text.toString();
		}

		FcgiBytes fcgi() {
			List<byte[]> params = new ArrayList<>();
			add(params, "REQUEST_METHOD", this.method);
			add(params, "REQUEST_URI", this.path + this.query);
			add(params, "QUERY_STRING", this.query.isEmpty() ? "" : this.query.substring(1));
			add(params, "SERVER_PROTOCOL", "HTTP/1.1");
			add(params, "CONTENT_TYPE", this.type);
			add(params, "CONTENT_LENGTH",
					(this.body.length > 0 && !this.chunked) ? Integer.toString(this.body.length) : "");
			add(params, "HTTP_HOST", "example.org:81");
			add(params, "REMOTE_ADDR", "127.0.0.1");
			for (int i = 0; i < this.headers.size(); i += 2) {
				add(params, "HTTP_" + this.headers.get(i).toUpperCase().replace('-', '_'), this.headers.get(i + 1));
			}
			if (this.chunked) {
				add(params, "HTTP_TRANSFER_ENCODING", "chunked");
			}
			FcgiBytes bytes = new FcgiBytes().begin(1, true);
			params.forEach((pair) -> bytes.record(FcgiBytes.PARAMS, 1, pair));
			return bytes.record(FcgiBytes.PARAMS, 1, new byte[0]).body(1, this.body);
		}

		private static void add(List<byte[]> params, String name, String value) {
			byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
			byte[] pair = new byte[5 + name.length() + bytes.length];
			pair[0] = (byte) name.length();
			pair[1] = (byte) 0x80;
			pair[3] = (byte) (bytes.length >> 8);
			pair[4] = (byte) bytes.length;
			System.arraycopy(name.getBytes(StandardCharsets.ISO_8859_1), 0, pair, 5, name.length());
			System.arraycopy(bytes, 0, pair, 5 + name.length(), bytes.length);
			params.add(pair);
		}

		@Override
		public String toString() {
			return http();
		}

	}

}
