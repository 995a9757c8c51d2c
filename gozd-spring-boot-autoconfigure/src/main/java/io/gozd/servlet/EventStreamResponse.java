package io.gozd.servlet;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A response that puts an {@link EventStream} before its output if it is one.
 */
final class EventStreamResponse extends HttpServletResponseWrapper {

	private static final String TYPE = "text/event-stream";

	private final ServletRequest request;

	private final EventStreams streams;

	private @Nullable EventStream stream;

	private @Nullable PrintWriter writer;

	EventStreamResponse(ServletRequest request, HttpServletResponse response, EventStreams streams) {
		super(response);
		this.request = request;
		this.streams = streams;
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		return isEventStream() ? stream() : super.getOutputStream();
	}

	@Override
	public PrintWriter getWriter() throws IOException {
		if (!isEventStream()) {
			return super.getWriter();
		}
		if (this.writer == null) {
			this.writer = new PrintWriter(new OutputStreamWriter(stream(), getCharacterEncoding()));
		}
		return this.writer;
	}

	@Override
	public void flushBuffer() throws IOException {
		super.flushBuffer();
		if (this.stream != null) {
			this.stream.flush();
		}
	}

	/** The application's thread is done: what is not asynchronous has ended. */
	void chainEnded() {
		if (this.stream != null) {
			this.stream.chainEnded();
		}
	}

	private EventStream stream() throws IOException {
		if (this.stream == null) {
			this.stream = new EventStream(this.request, super.getOutputStream(), this.streams);
		}
		return this.stream;
	}

	private boolean isEventStream() {
		String type = getContentType();
		return type != null && type.startsWith(TYPE);
	}

}
