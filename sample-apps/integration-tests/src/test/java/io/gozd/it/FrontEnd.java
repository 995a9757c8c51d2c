package io.gozd.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A web server that runs as a child of the test, before one FastCGI directive.
 */
final class FrontEnd implements WebClient, AutoCloseable {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	private final Process process;

	private final Endpoint endpoint;

	private final Output output;

	private final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(LIMIT)
		.build();

	private FrontEnd(Process process, Endpoint endpoint, Output output) {
		this.process = process;
		this.endpoint = endpoint;
		this.output = output;
	}

	/**
	 * Starts a web server and waits until it listens.
	 * @param directory an empty directory for all that it writes
	 * @param application where the directive listens
	 */
	static FrontEnd start(WebServer server, Path directory, Endpoint application) {
		Endpoint endpoint = Endpoint.plain(FreePort.find());
		List<String> command = new ArrayList<>(List.of(server.program().require().toString()));
		try {
			command.addAll(server.configure(directory, endpoint.port(), application));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		return start(command, server.environment(directory), directory, endpoint);
	}

	/**
	 * Starts the command of a web server and waits until it listens.
	 * @param directory where it works, and where its output goes
	 */
	static FrontEnd start(List<String> command, Map<String, String> environment, Path directory, Endpoint endpoint) {
		Output output = new Output(directory.resolve("web-server.log"));
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.file().toFile());
		builder.environment().putAll(environment);
		try {
			FrontEnd started = new FrontEnd(builder.start(), endpoint, output);
			started.awaitListening();
			return started;
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private void awaitListening() {
		try {
			Deadline.in(LIMIT).await("web server at " + this.endpoint, () -> {
				if (!this.process.isAlive()) {
					throw new AssertionError("The web server has ended\n" + this.output.tail());
				}
				return isListening();
			}, this.output::tail);
		}
		catch (AssertionError ex) {
			close();
			throw ex;
		}
	}

	private boolean isListening() throws IOException {
		try (Socket socket = this.endpoint.connect(LIMIT)) {
			return socket.isConnected();
		}
		catch (ConnectException ex) {
			return false;
		}
	}

	Endpoint endpoint() {
		return this.endpoint;
	}

	@Override
	public String output() {
		return this.output.tail();
	}

	@Override
	public String host() {
		return this.endpoint.host() + ":" + this.endpoint.port();
	}

	@Override
	public WebAnswer ask(WebRequest request) throws IOException {
		java.net.http.HttpRequest.Builder builder = java.net.http.HttpRequest
			.newBuilder(URI.create(this.endpoint.uri("http", request.path())))
			.timeout(LIMIT)
			.method(request.method(), body(request));
		request.headers().forEach(builder::header);
		try {
			HttpResponse<InputStream> response = this.client.send(builder.build(), BodyHandlers.ofInputStream());
			return new WebAnswer(response.statusCode(), response.headers().map(), response.body());
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static BodyPublisher body(WebRequest request) {
		if (request.chunked()) {
			return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(request.body()));
		}
		return (request.body().length > 0) ? BodyPublishers.ofByteArray(request.body()) : BodyPublishers.noBody();
	}

	/**
	 * Ends the server and its workers.
	 */
	@Override
	public void close() {
		List<ProcessHandle> all = Stream.concat(this.process.descendants(), Stream.of(this.process.toHandle()))
			.toList();
		this.process.destroy();
		try {
			this.process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			all.forEach(ProcessHandle::destroyForcibly);
		}
	}

}
