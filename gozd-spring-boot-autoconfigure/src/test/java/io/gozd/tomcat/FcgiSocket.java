package io.gozd.tomcat;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.gozd.fcgi.FcgiBytes;
import org.jspecify.annotations.Nullable;

/**
 * A connection of a web server that shows what is really on the wire, never retries, and
 * never waits for ever. It sends and receives at the same time, as web servers do.
 */
final class FcgiSocket implements Closeable {

	private static final long DEADLINE_MILLIS = 20_000;

	private static final Duration MOMENT = Duration.ofMillis(200);

	private final SocketChannel channel;

	private final Selector selector;

	private final SelectionKey key;

	private ByteBuffer input = ByteBuffer.allocate(16384).limit(0);

	private ByteBuffer output = ByteBuffer.allocate(0);

	FcgiSocket(SocketAddress address) throws IOException {
		this.channel = SocketChannel.open(address);
		this.selector = Selector.open();
		this.channel.configureBlocking(false);
		this.key = this.channel.register(this.selector, SelectionKey.OP_READ);
	}

	/** Ask with GET and no more, on a connection that is kept or not. */
	FcgiAnswer get(String path, boolean keep) throws IOException {
		send(request(1, keep, "GET", path, new byte[0]));
		return answer(1);
	}

	/** The whole of a request, as nginx sends it. */
	static FcgiBytes request(int id, boolean keep, String method, String path, byte[] body, String... more) {
		List<String> params = new ArrayList<>(List.of("REQUEST_METHOD", method, "REQUEST_URI", path, "QUERY_STRING",
				path.contains("?") ? path.substring(path.indexOf('?') + 1) : "", "SERVER_PROTOCOL", "HTTP/1.1",
				"CONTENT_LENGTH", (body.length > 0) ? Integer.toString(body.length) : "", "SERVER_NAME", "",
				"SERVER_PORT", "8080", "SERVER_ADDR", "127.0.0.1", "REMOTE_ADDR", "192.0.2.7", "REMOTE_PORT", "4711",
				"HTTP_HOST", "example.org"));
		for (int i = 0; i < more.length; i += 2) {
			int at = params.indexOf(more[i]);
			if (at != -1 && !more[i].startsWith("HTTP_")) {
				params.set(at + 1, more[i + 1]);
			}
			else {
				params.add(more[i]);
				params.add(more[i + 1]);
			}
		}
		return new FcgiBytes().begin(id, keep).params(id, params.toArray(String[]::new)).body(id, body);
	}

	/** Send what fits now; the rest goes while something is awaited. */
	FcgiSocket send(FcgiBytes bytes) throws IOException {
		return send(bytes.toByteArray());
	}

	/** Send a part of something. */
	FcgiSocket send(byte[] more) throws IOException {
		ByteBuffer both = ByteBuffer.allocate(this.output.remaining() + more.length);
		this.output = both.put(this.output).put(more).flip();
		this.channel.write(this.output);
		return this;
	}

	/** Send all of it, or learn that nobody reads. */
	void sendAll(FcgiBytes bytes) throws IOException {
		send(bytes);
		long deadline = deadline();
		while (this.output.hasRemaining()) {
			await(SelectionKey.OP_WRITE, deadline);
		}
	}

	/** Read records until the request has ended. */
	FcgiAnswer answer(int id) throws IOException {
		ByteArrayOutputStream output = new ByteArrayOutputStream();
		StringBuilder errors = new StringBuilder();
		while (true) {
			Record record = record();
			if (record == null) {
				return new FcgiAnswer(output.toByteArray(), errors.toString(), -1);
			}
			if (record.id != id) {
				throw new IOException("A record of the request " + record.id + " in the response to " + id);
			}
			switch (record.type) {
				case FcgiBytes.STDOUT -> output.writeBytes(record.content);
				case FcgiBytes.STDERR -> errors.append(new String(record.content, StandardCharsets.UTF_8));
				case FcgiBytes.END -> {
					return new FcgiAnswer(output.toByteArray(), errors.toString(), record.content[4]);
				}
				default -> throw new IOException("A record of the type " + record.type);
			}
		}
	}

	/** The next record, or null at the end of the connection. */
	@Nullable Record record() throws IOException {
		long deadline = deadline();
		if (!need(8, deadline)) {
			return null;
		}
		int content = this.input.getShort(this.input.position() + 4) & 0xffff;
		int padding = this.input.get(this.input.position() + 6) & 0xff;
		if (!need(8 + content + padding, deadline)) {
			throw new EOFException("The connection ended inside a record");
		}
		if (this.input.get() != 1) {
			throw new IOException("A record of another version");
		}
		int type = this.input.get();
		int id = this.input.getShort() & 0xffff;
		this.input.position(this.input.position() + 4);
		byte[] bytes = new byte[content];
		this.input.get(bytes);
		this.input.position(this.input.position() + padding);
		return new Record(type, id, bytes);
	}

	private boolean need(int length, long deadline) throws IOException {
		while (this.input.remaining() < length) {
			if (!await(SelectionKey.OP_READ, deadline)) {
				if (this.input.hasRemaining()) {
					throw new EOFException("The connection ended inside a record");
				}
				return false;
			}
		}
		return true;
	}

	/** Wait for the connection; false at its end. */
	private boolean await(int operations, long deadline) throws IOException {
		this.key.interestOps(operations | (this.output.hasRemaining() ? SelectionKey.OP_WRITE : 0));
		long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
		if (millis <= 0 || this.selector.select(millis) == 0) {
			throw new SocketTimeoutException("Nothing happened in time");
		}
		this.selector.selectedKeys().clear();
		if (this.key.isWritable()) {
			try {
				this.channel.write(this.output);
			}
			catch (IOException ex) {
				// It reads no more; what it has said is here all the same.
				this.output = ByteBuffer.allocate(0);
			}
		}
		return !this.key.isReadable() || read();
	}

	private boolean read() throws IOException {
		if (this.input.capacity() - this.input.remaining() < 8192) {
			ByteBuffer larger = ByteBuffer.allocate(this.input.capacity() * 2);
			this.input = larger.put(this.input).flip();
		}
		this.input.compact();
		int length = this.channel.read(this.input);
		this.input.flip();
		return length != -1;
	}

	/** Wait for the server to end the connection, without another record. */
	boolean isClosedByServer() throws IOException {
		return record() == null;
	}

	/** Whether nothing is said for a moment. */
	boolean isQuiet() throws IOException {
		return isQuiet(MOMENT);
	}

	/** Whether nothing is said for so long. */
	boolean isQuiet(Duration duration) throws IOException {
		try {
			long deadline = System.nanoTime() + duration.toNanos();
			boolean more = await(SelectionKey.OP_READ, deadline);
			throw new IOException(more ? "The server said something" : "The connection ended");
		}
		catch (SocketTimeoutException ex) {
			return !this.input.hasRemaining();
		}
	}

	/** The web server writes no more. */
	void endOutput() throws IOException {
		this.channel.shutdownOutput();
	}

	private static long deadline() {
		return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MILLIS);
	}

	@Override
	public void close() throws IOException {
		this.selector.close();
		this.channel.close();
	}

	/** A record as it came. */
	record Record(int type, int id, byte[] content) {
	}

}
