package io.gozd.fcgi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import io.gozd.fcgi.RequestReader.Event;

/**
 * Reads a connection as a server does, and writes down what happens: parameters, the
 * whole body, replies.
 */
final class ReaderLog {

	static final Limits LIMITS = new Limits(64 * 1024, 100, 10_000, 500);

	final List<String> events = new ArrayList<>();

	private final RequestReader reader;

	private final ByteBuffer buffer = ByteBuffer.allocate(4096).limit(0);

	private final StringBuilder body = new StringBuilder();

	private boolean running;

	private boolean closed;

	ReaderLog() {
		this(LIMITS);
	}

	ReaderLog(Limits limits) {
		this.reader = new RequestReader(limits);
	}

	/** Receive bytes, in pieces. */
	ReaderLog receive(byte[] bytes, int size) throws IOException {
		for (int at = 0; at < bytes.length && !this.closed;) {
			this.buffer.compact();
			int length = Math.min(Math.min(size, bytes.length - at), this.buffer.remaining());
			this.buffer.put(bytes, at, length).flip();
			at += length;
			run();
		}
		return this;
	}

	ReaderLog receive(FcgiBytes bytes) throws IOException {
		return receive(bytes.toByteArray(), Integer.MAX_VALUE);
	}

	private void run() throws IOException {
		while (!this.closed) {
			Event event = this.reader.next(this.buffer, this::reply);
			switch (event) {
				case STARVED -> {
					return;
				}
				case REQUEST -> request();
				case BODY -> {
					ByteBuffer part = this.reader.takeBody(this.buffer, Long.MAX_VALUE);
					this.body.append(StandardCharsets.ISO_8859_1.decode(part));
				}
				case END_OF_BODY -> {
					this.events.add("body " + this.body);
					finish();
				}
				case ABORT -> {
					this.events.add("abort");
					finish();
				}
				case CLOSE -> {
					this.events.add("close");
					this.closed = true;
				}
				default -> throw new IllegalStateException("Nobody has left a request unanswered");
			}
		}
	}

	private void request() {
		Params params = this.reader.params();
		this.running = true;
		this.events.add("request " + this.reader.id() + (this.reader.keepsConnection() ? " keep " : " ")
				+ ((params != null) ? new ServerParams(params) : this.reader.fault()));
		if (params == null) {
			finish();
		}
	}

	private void finish() {
		this.reader.finish();
		this.body.setLength(0);
		this.running = false;
	}

	private void reply(ByteBuffer record) {
		StringBuilder text = new StringBuilder("reply");
		while (record.hasRemaining()) {
			text.append(' ').append(record.get() & 0xff);
		}
		this.events.add(text.toString());
	}

	boolean isRunning() {
		return this.running;
	}

	RequestReader reader() {
		return this.reader;
	}

}
