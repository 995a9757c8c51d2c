package io.gozd.servlet;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;

import io.gozd.drain.EventBoundary;

/**
 * The text of an event stream, encoded by the container's own writer.
 */
final class EventWriter extends FilterWriter {

	private final EventStream stream;

	private final EventBoundary boundary;

	private final PrintWriter writer;

	EventWriter(EventStream stream, PrintWriter writer) {
		super(writer);
		this.stream = stream;
		this.boundary = stream.boundary();
		this.writer = writer;
	}

	@Override
	public void write(int c) throws IOException {
		this.stream.write(() -> {
			super.write(c);
			this.boundary.next((char) c);
		});
	}

	@Override
	public void write(char[] text, int offset, int length) throws IOException {
		this.stream.write(() -> {
			super.write(text, offset, length);
			for (int i = offset; i < offset + length; i++) {
				this.boundary.next(text[i]);
			}
		});
	}

	@Override
	public void write(String text, int offset, int length) throws IOException {
		this.stream.write(() -> {
			super.write(text, offset, length);
			for (int i = offset; i < offset + length; i++) {
				this.boundary.next(text.charAt(i));
			}
		});
	}

	@Override
	public void flush() throws IOException {
		this.stream.flush(() -> {
			// A PrintWriter keeps to itself that the client has gone; checkError() tells,
			// and flushes.
			if (this.writer.checkError()) {
				throw new IOException("The client has gone");
			}
		});
	}

	@Override
	public void close() throws IOException {
		this.stream.ignore();
		super.close();
	}

}
