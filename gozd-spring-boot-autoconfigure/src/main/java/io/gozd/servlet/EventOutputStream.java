package io.gozd.servlet;

import java.io.IOException;

import io.gozd.drain.EventBoundary;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;

/**
 * The bytes of an event stream.
 */
final class EventOutputStream extends ServletOutputStream {

	private final EventStream stream;

	private final EventBoundary boundary;

	private final ServletOutputStream output;

	EventOutputStream(EventStream stream, ServletOutputStream output) {
		this.stream = stream;
		this.boundary = stream.boundary();
		this.output = output;
	}

	@Override
	public void write(int b) throws IOException {
		this.stream.write(() -> {
			this.output.write(b);
			this.boundary.next((byte) b);
		});
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		this.stream.write(() -> {
			this.output.write(bytes, offset, length);
			for (int i = offset; i < offset + length; i++) {
				this.boundary.next(bytes[i]);
			}
		});
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
		this.stream.doNotBlock();
		this.output.setWriteListener(listener);
	}

}
