package io.gozd.servlet;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * The text of an event stream, encoded by the container's own writer.
 */
final class EventWriter extends FilterWriter {

	private final EventStream stream;

	EventWriter(EventStream stream, Writer writer) {
		super(writer);
		this.stream = stream;
	}

	@Override
	public void write(int c) throws IOException {
		this.stream.write(() -> super.write(c));
	}

	@Override
	public void write(char[] text, int offset, int length) throws IOException {
		this.stream.write(() -> super.write(text, offset, length));
	}

	@Override
	public void write(String text, int offset, int length) throws IOException {
		this.stream.write(() -> super.write(text, offset, length));
	}

	@Override
	public void flush() throws IOException {
		this.stream.flush(super::flush);
	}

	@Override
	public void close() throws IOException {
		this.stream.ignore();
		super.close();
	}

}
