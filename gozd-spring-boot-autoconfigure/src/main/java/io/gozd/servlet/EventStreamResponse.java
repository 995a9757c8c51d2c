package io.gozd.servlet;

import java.io.IOException;
import java.io.PrintWriter;

import io.gozd.drain.EventStreams;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A response that notices what is written to it, if it is an event stream.
 */
final class EventStreamResponse extends HttpServletResponseWrapper {

	private static final String TYPE = "text/event-stream";

	private final ServletRequest request;

	private final EventStreams streams;

	private @Nullable EventStream stream;

	private @Nullable ServletOutputStream output;

	private @Nullable PrintWriter writer;

	private boolean chainEnded;

	EventStreamResponse(ServletRequest request, HttpServletResponse response, EventStreams streams) {
		super(response);
		this.request = request;
		this.streams = streams;
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		if (this.output == null) {
			ServletOutputStream output = super.getOutputStream();
			this.output = isEventStream() ? new EventOutputStream(stream(), output) : output;
		}
		return this.output;
	}

	@Override
	public PrintWriter getWriter() throws IOException {
		if (this.writer == null) {
			PrintWriter writer = super.getWriter();
			this.writer = isEventStream() ? new PrintWriter(new EventWriter(stream(), writer)) : writer;
		}
		return this.writer;
	}

	@Override
	public void flushBuffer() throws IOException {
		if (this.stream != null) {
			this.stream.flush(super::flushBuffer);
		}
		else {
			super.flushBuffer();
		}
	}

	/** The application's thread is done. */
	void chainEnded() {
		this.chainEnded = true;
		if (this.stream != null) {
			this.stream.chainEnded();
		}
	}

	/** Whether the application failed because its stream had been ended. */
	boolean wasEnded(Throwable failure) {
		return this.stream != null && EventStreamEndedException.isCauseOf(failure, this.stream);
	}

	private EventStream stream() {
		if (this.stream == null) {
			this.stream = new EventStream(this.request, getResponse(), this.streams);
			this.stream.begin();
		}
		return this.stream;
	}

	private boolean isEventStream() {
		String type = getContentType();
		// What is written by a later dispatch of the request ends with that.
		return (!this.chainEnded || this.request.isAsyncStarted()) && type != null
				&& type.regionMatches(true, 0, TYPE, 0, TYPE.length());
	}

}
