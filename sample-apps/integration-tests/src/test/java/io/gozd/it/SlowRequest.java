package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Supplier;

import io.gozd.it.fixture.GateController;

/**
 * A request that runs in a daemon until the test lets it end. The jar must carry
 * {@link GateController}.
 */
final class SlowRequest implements AutoCloseable {

	private final Path gate;

	private final HttpConnection connection;

	private SlowRequest(Path gate, HttpConnection connection) {
		this.gate = gate;
		this.connection = connection;
	}

	/**
	 * Sends the request and waits until it is being worked on.
	 */
	static SlowRequest start(DaemonProcess daemon, Path directory) throws IOException {
		return start(daemon.endpoint(), directory, () -> daemon.output().tail());
	}

	/**
	 * Sends the request and waits until it is being worked on.
	 * @param directory one that the daemon can read
	 * @param details what to say where it is not
	 */
	static SlowRequest start(Endpoint endpoint, Path directory, Supplier<String> details) throws IOException {
		Path gate = Files.createTempFile(directory, "gate", "");
		// The daemon may be another user.
		Files.setPosixFilePermissions(gate, PosixFilePermissions.fromString("rw-rw-rw-"));
		HttpConnection connection = HttpConnection.open(endpoint, Duration.ofMinutes(2));
		connection.send(HttpRequest.get("/gate?file=" + gate));
		SlowRequest request = new SlowRequest(gate, connection);
		Deadline.in(DaemonProcess.START_LIMIT).await("start of a slow request", () -> Files.size(gate) > 0, details);
		return request;
	}

	/**
	 * The process that works on it.
	 */
	long pid() throws IOException {
		return Long.parseLong(Files.readString(this.gate).strip());
	}

	/**
	 * Lets the request end and reads the answer.
	 */
	HttpAnswer finish() throws IOException {
		release();
		return this.connection.receive();
	}

	void release() throws IOException {
		Files.delete(this.gate);
	}

	HttpConnection connection() {
		return this.connection;
	}

	@Override
	public void close() throws IOException {
		Files.deleteIfExists(this.gate);
		this.connection.close();
	}

}
