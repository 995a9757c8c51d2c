package io.gozd.it;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is asked through each web server, the same through all of them.
 */
final class WebCases {

	private static final int LARGE = 12 * 1024 * 1024;

	private static final int CLIENTS = 8;

	private static final int REQUESTS = 25;

	private static final String BINARY = "application/octet-stream";

	private WebCases() {
	}

	static List<WebCase> all() {
		return List.of(WebCase.of("GET", WebCases::get), WebCase.of("DELETE", WebCases::delete),
				WebCase.of("the view of a request", WebCases::view),
				WebCase.of("Authorization", WebCases::authorization).needing(WebTrait.PASSES_AUTHORIZATION),
				WebCase.of("a form", WebCases::form), WebCase.of("multipart", WebCases::multipart),
				WebCase.of("POST", (client) -> upload(client, 100_000, false)),
				WebCase.of("POST of nothing", (client) -> upload(client, 0, false)),
				WebCase.of("POST in chunks", (client) -> upload(client, 100_000, true)).needing(WebTrait.TAKES_CHUNKS),
				WebCase.of("12 MB up", (client) -> upload(client, LARGE, false)),
				WebCase.of("12 MB up in chunks", (client) -> upload(client, LARGE, true))
					.needing(WebTrait.TAKES_CHUNKS),
				WebCase.of("12 MB down", (client) -> download(client, LARGE, true)),
				WebCase.of("12 MB down, no length", (client) -> download(client, LARGE, false)),
				WebCase.of("async", WebCases::async), WebCase.of("event stream", WebCases::events),
				WebCase.of("201 with Location", (client) -> redirect(client, "POST", "/created", 201, "/view/created")),
				WebCase.of("302", (client) -> redirect(client, "GET", "/found", 302, "/view/found?x=1")),
				WebCase.of("307", (client) -> redirect(client, "POST", "/temporary", 307, "/view/temporary")),
				WebCase.of("redirect to this host",
						(client) -> redirect(client, "GET", "/redirect", 302,
								"http://" + client.host() + "/view/redirect")),
				WebCase.of("204", WebCases::noContent), WebCase.of("HEAD", WebCases::head),
				WebCase.of("404", (client) -> status(client, "/not/there", 404)),
				WebCase.of("500", (client) -> status(client, "/fail", 500)),
				WebCase.of("two cookies", WebCases::cookies), WebCase.of("session", WebCases::session),
				WebCase.of("1 MB that nobody reads", (client) -> ignored(client, 1024 * 1024))
					.needing(WebTrait.TAKES_UNWANTED_BODIES),
				WebCase.of("12 MB that nobody reads", (client) -> ignored(client, LARGE))
					.needing(WebTrait.TAKES_UNWANTED_BODIES),
				WebCase.of("many at once", WebCases::manyAtOnce));
	}

	private static void get(WebClient client) throws IOException {
		WebAnswer answer = client.ask(WebRequest.get("/token/abc"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).singleElement().asString().startsWith("text/plain");
		assertThat(answer.text()).matches("pid=\\d+ gen=1 token=abc");
	}

	private static void delete(WebClient client) throws IOException {
		assertThat(client.ask(WebRequest.of("DELETE", "/view/x")).text().lines()).contains("method=DELETE");
	}

	private static void view(WebClient client) throws IOException {
		WebRequest request = WebRequest.get("/view/b%20c/d;p=1?x=a%2Fb&y=1&x=%C3%BC")
			.header("X-Long", "v".repeat(3000))
			.header("Accept-Language", "de")
			.header("Proxy", "http://evil.example");
		WebAnswer answer = client.ask(request);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text().lines())
			.contains("method=GET", "uri=/view/b%20c/d;p=1", "scheme=http", "remote=127.0.0.1",
					"url=http://" + client.host() + "/view/b%20c/d;p=1", "parameter x=a/b|\u00fc", "parameter y=1",
					"header x-long=" + "v".repeat(3000), "header accept-language=de", "header host=" + client.host())
			.noneMatch((line) -> line.startsWith("header proxy="));
	}

	private static void authorization(WebClient client) throws IOException {
		WebAnswer answer = client.ask(WebRequest.get("/view/x").header("Authorization", "Basic dTpw"));
		assertThat(answer.text().lines()).contains("header authorization=Basic dTpw");
	}

	private static void form(WebClient client) throws IOException {
		WebAnswer answer = client.ask(WebRequest.form("/view/form?x=1", "x=2&name=J%C3%B6rg+B"));
		assertThat(answer.text().lines()).contains("method=POST", "parameter x=1|2", "parameter name=J\u00f6rg B");
	}

	private static void multipart(WebClient client) throws IOException {
		byte[] file = random(100_000);
		String boundary = "boundary-of-this-test";
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nthe-title\r\n--"
				+ boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\nContent-Type: "
				+ BINARY + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		body.writeBytes(file);
		body.writeBytes(("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII));
		WebAnswer answer = client
			.ask(WebRequest.post("/multipart", "multipart/form-data; boundary=" + boundary, body.toByteArray()));
		assertThat(answer.text()).isEqualTo("the-title a.bin " + digest(file));
	}

	private static void upload(WebClient client, int size, boolean chunked) throws IOException {
		byte[] body = random(size);
		WebRequest request = WebRequest.post("/digest", BINARY, body);
		WebAnswer answer = client.ask(chunked ? request.inChunks() : request);
		assertThat(answer.text()).isEqualTo(digest(body));
	}

	private static void download(WebClient client, int size, boolean length) throws IOException {
		byte[] expected = new byte[size];
		for (int i = 0; i < size; i++) {
			expected[i] = (byte) (i * 31 >> 3);
		}
		WebAnswer answer = client.ask(WebRequest.get("/download?count=" + size + "&length=" + length));
		if (length) {
			assertThat(answer.header("Content-Length")).containsExactly(Integer.toString(size));
		}
		assertThat(digest(answer.bytes())).isEqualTo(digest(expected));
	}

	private static void async(WebClient client) throws IOException {
		WebAnswer answer = client.ask(WebRequest.get("/async"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).startsWith("from ");
	}

	/**
	 * The second event is sent when the first one has come through.
	 */
	private static void events(WebClient client) throws IOException {
		String key = UUID.randomUUID().toString();
		try (WebAnswer stream = client.ask(WebRequest.get("/events?key=" + key));
				BufferedReader reader = new BufferedReader(
						new InputStreamReader(stream.stream(), StandardCharsets.UTF_8))) {
			assertThat(stream.header("Content-Type")).singleElement().asString().startsWith("text/event-stream");
			assertThat(reader.readLine()).isEqualTo("data:first");
			assertThat(client.ask(WebRequest.form("/events", "key=" + key)).text()).isEqualTo("gone on");
			assertThat(reader.lines()).containsExactly("", "data:second", "");
		}
	}

	private static void redirect(WebClient client, String method, String path, int status, String location)
			throws IOException {
		WebAnswer answer = client.ask(WebRequest.of(method, path));
		assertThat(answer.status()).isEqualTo(status);
		assertThat(answer.header("Location")).containsExactly(location);
		assertThat(answer.bytes()).isEmpty();
	}

	private static void noContent(WebClient client) throws IOException {
		WebAnswer answer = client.ask(WebRequest.get("/nothing"));
		assertThat(answer.status()).isEqualTo(204);
		assertThat(answer.bytes()).isEmpty();
	}

	private static void head(WebClient client) throws IOException {
		WebAnswer answer = client.ask(WebRequest.of("HEAD", "/download?count=1000&length=true"));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).containsExactly(BINARY);
		assertThat(answer.bytes()).isEmpty();
	}

	private static void status(WebClient client, String path, int status) throws IOException {
		WebAnswer answer = client.ask(WebRequest.get(path));
		assertThat(answer.status()).isEqualTo(status);
		// As Spring Boot says it, not a page of the web server.
		assertThat(answer.text()).contains("\"status\":" + status, "\"path\":\"" + path + "\"");
	}

	private static void cookies(WebClient client) throws IOException {
		WebAnswer answer = client.ask(WebRequest.get("/cookies"));
		assertThat(answer.header("Set-Cookie")).containsExactlyInAnyOrder("first=1; Path=/", "second=2; Path=/");
		assertThat(answer.text()).isEqualTo("two");
	}

	private static void session(WebClient client) throws IOException {
		WebAnswer first = client.ask(WebRequest.get("/session"));
		assertThat(first.text()).isEqualTo("visit 1");
		String cookie = first.header("Set-Cookie").get(0).split(";")[0];
		WebAnswer second = client.ask(WebRequest.get("/session").header("Cookie", "other=1; " + cookie));
		assertThat(second.text()).isEqualTo("visit 2");
	}

	private static void ignored(WebClient client, int size) throws IOException {
		WebAnswer answer = client.ask(WebRequest.post("/ignore", BINARY, random(size)));
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.text()).isEqualTo("ignored");
	}

	/**
	 * Nobody gets the answer of somebody else.
	 */
	private static void manyAtOnce(WebClient client) throws Exception {
		ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
		try {
			List<Future<?>> ends = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				String name = "client" + i;
				ends.add(clients.submit(() -> {
					for (int request = 0; request < REQUESTS; request++) {
						exchangeToken(client, name + "-" + request + "-" + "x".repeat(request * request));
					}
					return null;
				}));
			}
			for (Future<?> end : ends) {
				end.get();
			}
		}
		finally {
			clients.shutdownNow();
		}
	}

	private static void exchangeToken(WebClient client, String token) throws IOException {
		boolean get = token.length() % 2 == 0;
		WebAnswer answer = client
			.ask(get ? WebRequest.get("/token/" + token) : WebRequest.form("/token", "token=" + token));
		assertThat(answer.text()).endsWith(" token=" + token);
	}

	private static byte[] random(int size) {
		byte[] bytes = new byte[size];
		new Random(size).nextBytes(bytes);
		return bytes;
	}

	/**
	 * The length and the digest, as the application tells them.
	 */
	private static String digest(byte[] bytes) {
		try {
			return bytes.length + " " + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new AssertionError(ex);
		}
	}

}
