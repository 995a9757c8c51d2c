package io.gozd.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * {@code cgi-fcgi} of libfcgi, which a CGI server starts for each request.
 *
 * @param program where it is
 * @param application where the directive listens
 * @param errors where its complaints go
 */
record CgiFcgi(Path program, Endpoint application, Path errors) implements WebClient {

	private static final long LIMIT_SECONDS = 30;

	static CgiFcgi before(Endpoint application, Path directory) {
		return new CgiFcgi(new Program("cgi-fcgi", "libfcgi-bin").require(), application,
				directory.resolve("cgi-fcgi.log"));
	}

	@Override
	public String host() {
		return "localhost";
	}

	@Override
	public String output() {
		return new Output(this.errors).tail();
	}

	@Override
	public WebAnswer ask(WebRequest request) throws IOException {
		String address = (this.application.path() != null) ? this.application.path().toString()
				: this.application.host() + ":" + this.application.port();
		ProcessBuilder builder = new ProcessBuilder(this.program.toString(), "-bind", "-connect", address)
			.redirectError(ProcessBuilder.Redirect.appendTo(this.errors.toFile()));
		builder.environment().clear();
		builder.environment().putAll(environment(request));
		Process process = builder.start();
		process.onExit().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).exceptionally((ex) -> process.destroyForcibly());
		// From a thread of its own: the answer may come before the body has gone.
		Thread writer = new Thread(() -> write(process, request.body()), "cgi-fcgi");
		writer.setDaemon(true);
		writer.start();
		return receive(new BufferedInputStream(process.getInputStream()));
	}

	private static void write(Process process, byte[] body) {
		try (var out = process.getOutputStream()) {
			out.write(body);
		}
		catch (IOException ex) {
			// It wants no more of it: what it answers tells why.
		}
	}

	private Map<String, String> environment(WebRequest request) {
		String[] parts = request.path().split("\\?", 2);
		Map<String, String> environment = new TreeMap<>();
		environment.put("GATEWAY_INTERFACE", "CGI/1.1");
		environment.put("REQUEST_METHOD", request.method());
		environment.put("REQUEST_URI", request.path());
		environment.put("SCRIPT_NAME", parts[0]);
		environment.put("QUERY_STRING", (parts.length > 1) ? parts[1] : "");
		environment.put("SERVER_PROTOCOL", "HTTP/1.1");
		environment.put("SERVER_NAME", "localhost");
		environment.put("SERVER_PORT", "80");
		environment.put("REMOTE_ADDR", "127.0.0.1");
		environment.put("HTTP_HOST", host());
		if (request.body().length > 0) {
			environment.put("CONTENT_LENGTH", Integer.toString(request.body().length));
		}
		request.headers()
			.forEach((name, value) -> environment
				.put(name.equals("Content-Type") ? "CONTENT_TYPE" : "HTTP_" + variable(name), value));
		return environment;
	}

	private static String variable(String name) {
		return name.toUpperCase(Locale.ROOT).replace('-', '_');
	}

	private static WebAnswer receive(InputStream in) throws IOException {
		Map<String, List<String>> headers = new TreeMap<>();
		for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
			int colon = line.indexOf(':');
			headers.computeIfAbsent(line.substring(0, colon), (name) -> new ArrayList<>())
				.add(line.substring(colon + 1).strip());
		}
		int status = Integer.parseInt(headers.get("Status").get(0).split(" ")[0]);
		return new WebAnswer(status, headers, in);
	}

	private static String readLine(InputStream in) throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int next = in.read(); next >= 0; next = in.read()) {
			if (next == '\n') {
				return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
			}
			line.write(next);
		}
		throw new EOFException("cgi-fcgi has ended");
	}

}
