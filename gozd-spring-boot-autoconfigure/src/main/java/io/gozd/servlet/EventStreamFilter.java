package io.gozd.servlet;

import java.io.IOException;

import io.gozd.drain.EventStreams;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Notices responses that become a stream of events. Every other response only passes
 * through a wrapper that asks for its content type once.
 */
public final class EventStreamFilter implements Filter {

	private final EventStreams streams;

	/**
	 * Create a filter.
	 * @param streams where streams are noted
	 */
	public EventStreamFilter(EventStreams streams) {
		this.streams = streams;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (!(response instanceof HttpServletResponse http)) {
			chain.doFilter(request, response);
			return;
		}
		EventStreamResponse noticing = new EventStreamResponse(request, http, this.streams);
		try {
			chain.doFilter(request, noticing);
		}
		catch (IOException | ServletException | RuntimeException ex) {
			// A container cuts the connection of a committed response whose application
			// fails. This one is whole, and the container is to say so.
			if (!noticing.wasEnded(ex)) {
				throw ex;
			}
		}
		finally {
			noticing.chainEnded();
		}
	}

}
