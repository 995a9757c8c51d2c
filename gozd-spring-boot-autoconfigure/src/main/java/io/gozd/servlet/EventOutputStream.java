package io.gozd.servlet;

import java.io.IOException;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

/**
 * The bytes of an event stream.
 */
final class EventOutputStream extends ServletOutputStream {

	private final EventStream stream;

	private final ServletOutputStream output;

	EventOutputStream(EventStream stream, ServletOutputStream output) {
		this.stream = stream;
		this.output = output;
	}

	@Override
	public void write(int b) throws IOException {
		this.stream.write(() -> this.output.write(b));
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		this.stream.write(() -> this.output.write(bytes, offset, length));
	}

	@Override
	public void flush() throws IOException {
		this.stream.flush(this.output::flush);
	}

	@Override
	public void close() throws IOException {
		this.stream.ignore();
		this.output.close();
	}

	@Override
	public boolean isReady() {
		return this.output.isReady();
	}

	@Override
	public void setWriteListener(WriteListener listener) {
		// Non-blocking output is written where the container calls: left to its own end.
		this.stream.ignore();
		this.output.setWriteListener(listener);
	}

}
