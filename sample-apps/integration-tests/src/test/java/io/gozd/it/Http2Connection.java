package io.gozd.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * A connection that speaks just enough HTTP/2 to ask for "/" again and again, and that
 * listens all the time, as a good client does. The header of an answer is not decoded:
 * the body says who answered.
 */
final class Http2Connection implements Closeable {

	private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	/** Entries 2 and 4 of the static table, GET and "/"; then a literal authority. */
	private static final String REQUEST = "\u0082\u0084\u0001\tlocalhost";

	/** Entries 6 and 7 of the static table. */
	private static final String HTTP = "\u0086";

	private static final String HTTPS = "\u0087";

	private final Socket socket;

	private final byte[] request;

	private final Map<Integer, Stream> streams = new ConcurrentHashMap<>();

	private int nextStream = 1;

	private volatile boolean goingAway;

	/** Why nothing more is read. */
	private volatile @Nullable IOException end;

	private volatile int lastStream = Integer.MAX_VALUE;

	/** What the server has said, each with what had been asked by then. */
	private final List<String> goodbyes = new CopyOnWriteArrayList<>();

	private Http2Connection(Socket socket, String scheme) {
		this.socket = socket;
		this.request = (scheme + REQUEST).getBytes(StandardCharsets.ISO_8859_1);
	}

	static Http2Connection open(Endpoint endpoint, Duration timeout) throws IOException {
		Http2Connection connection = new Http2Connection(endpoint.connectForHttp2(timeout),
				(endpoint.tls() != null) ? HTTPS : HTTP);
		connection.socket.setSoTimeout(0);
		connection.socket.getOutputStream().write(PREFACE);
		connection.write(new Http2Frame(Http2Frame.SETTINGS, 0, 0, new byte[0]));
		Thread reader = new Thread(connection::read, "http2-reader");
		reader.setDaemon(true);
		reader.start();
		return connection;
	}

	/**
	 * Whether nothing more may be asked here.
	 */
	boolean isGoingAway() {
		return this.goingAway;
	}

	/**
	 * Begins a request.
	 * @return its body, when it is there; {@link Unprocessed} says that the server has
	 * not begun it and promises that it may be sent elsewhere
	 */
	synchronized CompletableFuture<String> get() {
		Stream stream = new Stream(this.nextStream, new ByteArrayOutputStream(), new CompletableFuture<>());
		this.nextStream += 2;
		this.streams.put(stream.id(), stream);
		IOException end = this.end;
		if (end != null) {
			// The reader has perhaps not seen it.
			fail(stream, end);
			return stream.body();
		}
		write(new Http2Frame(Http2Frame.HEADERS, Http2Frame.END_STREAM | Http2Frame.END_HEADERS, stream.id(),
				this.request));
		return stream.body();
	}

	private void read() {
		try {
			DataInputStream in = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
			while (true) {
				receive(Http2Frame.read(in));
			}
		}
		catch (IOException ex) {
			this.goingAway = true;
			IOException ended = new IOException("end of the connection by " + ex, ex);
			this.end = ended;
			this.streams.values().forEach((stream) -> fail(stream, ended));
		}
	}

	private void receive(Http2Frame frame) throws IOException {
		switch (frame.type()) {
			case Http2Frame.DATA -> {
				if (frame.payload().length > 0) {
					byte[] increment = ByteBuffer.allocate(Integer.BYTES).putInt(frame.payload().length).array();
					write(new Http2Frame(Http2Frame.WINDOW_UPDATE, 0, 0, increment));
				}
				stream(frame).received().write(frame.payload());
				endIfLast(frame);
			}
			case Http2Frame.HEADERS -> endIfLast(frame);
			case Http2Frame.RST_STREAM -> fail(stream(frame), new IOException("reset with code " + frame.number()));
			case Http2Frame.SETTINGS, Http2Frame.PING -> {
				if (!frame.has(Http2Frame.ACK)) {
					byte[] payload = (frame.type() == Http2Frame.PING) ? frame.payload() : new byte[0];
					write(new Http2Frame(frame.type(), Http2Frame.ACK, 0, payload));
				}
			}
			case Http2Frame.GOAWAY -> {
				this.lastStream = frame.number() & Integer.MAX_VALUE;
				this.goodbyes
					.add("last " + this.lastStream + " code " + frame.secondNumber() + " before " + nextStream());
				this.goingAway = true;
			}
			default -> {
				// Of no interest here.
			}
		}
	}

	private void endIfLast(Http2Frame frame) throws IOException {
		if (frame.has(Http2Frame.END_STREAM)) {
			Stream stream = stream(frame);
			this.streams.remove(stream.id());
			stream.body().complete(stream.received().toString(StandardCharsets.ISO_8859_1));
		}
	}

	private Stream stream(Http2Frame frame) throws IOException {
		Stream stream = this.streams.get(frame.stream());
		if (stream == null) {
			throw new IOException("frame of no stream: " + frame);
		}
		return stream;
	}

	private void fail(Stream stream, IOException cause) {
		this.streams.remove(stream.id());
		stream.body()
			.completeExceptionally((stream.id() > this.lastStream) ? new Unprocessed()
					: new IOException("stream " + stream.id() + ": " + cause.getMessage() + ", " + this, cause));
	}

	private synchronized int nextStream() {
		return this.nextStream;
	}

	/**
	 * How far this connection has come, for the report of what was lost on it.
	 */
	@Override
	public String toString() {
		return "next stream " + nextStream() + ", not answered " + new TreeSet<>(this.streams.keySet()) + ", GOAWAY "
				+ this.goodbyes + ", local port " + this.socket.getLocalPort();
	}

	/** Where the server has closed, what it had sent before says how far it has come. */
	private synchronized void write(Http2Frame frame) {
		try {
			this.socket.getOutputStream().write(frame.bytes());
		}
		catch (IOException ex) {
			this.goingAway = true;
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private record Stream(int id, ByteArrayOutputStream received, CompletableFuture<String> body) {

	}

	/**
	 * The last GOAWAY has said that this request was not begun, nor will it be.
	 */
	static final class Unprocessed extends Exception {

		private static final long serialVersionUID = 1;

	}

}
