package io.gozd.servlet;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.WriteListener;

/**
 * The output of one stream of events. It ends where the application has flushed, which is
 * between two events; what the application writes afterwards fails as if the client had
 * gone.
 */
final class EventStream extends ServletOutputStream implements AsyncListener {

	private final ServletRequest request;

	private final ServletOutputStream output;

	private final EventStreams streams;

	private final ReentrantLock lock = new ReentrantLock();

	private boolean flushed = true;

	private boolean ending;

	private boolean ended;

	private boolean listening;

	EventStream(ServletRequest request, ServletOutputStream output, EventStreams streams) {
		this.request = request;
		this.output = output;
		this.streams = streams;
		streams.add(this);
	}

	/** End now, or as soon as the event that is being written is whole. */
	void end() {
		if (!this.lock.tryLock()) {
			// It is being written to; the drain asks again.
			return;
		}
		try {
			this.ending = true;
			endIfFlushed();
		}
		finally {
			this.lock.unlock();
		}
	}

	void chainEnded() {
		this.lock.lock();
		try {
			if (this.request.isAsyncStarted()) {
				listen();
			}
			else {
				this.streams.remove(this);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void endIfFlushed() {
		if (this.ended || !this.flushed || !this.request.isAsyncStarted()) {
			return;
		}
		this.ended = true;
		this.streams.remove(this);
		try {
			this.request.getAsyncContext().complete();
		}
		catch (IllegalStateException ex) {
			// The application completes it at this moment: it ends as well.
		}
	}

	private void listen() {
		if (!this.listening && this.request.isAsyncStarted()) {
			this.listening = true;
			AsyncContext context = this.request.getAsyncContext();
			context.addListener(this);
		}
	}

	private void write(Output action) throws IOException {
		this.lock.lock();
		try {
			if (this.ended) {
				throw new IOException("The event stream has ended: this generation of the daemon drains");
			}
			listen();
			this.flushed = false;
			action.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void write(int b) throws IOException {
		write(() -> this.output.write(b));
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		write(() -> this.output.write(bytes, offset, length));
	}

	@Override
	public void flush() throws IOException {
		write(this.output::flush);
		this.lock.lock();
		try {
			this.flushed = true;
			if (this.ending) {
				endIfFlushed();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() throws IOException {
		this.streams.remove(this);
		this.output.close();
	}

	@Override
	public boolean isReady() {
		return this.output.isReady();
	}

	@Override
	public void setWriteListener(WriteListener listener) {
		// Non-blocking output knows no "between two events": left to its own end.
		this.streams.remove(this);
		this.output.setWriteListener(listener);
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.streams.remove(this);
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		this.streams.remove(this);
	}

	@Override
	public void onError(AsyncEvent event) {
		this.streams.remove(this);
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		event.getAsyncContext().addListener(this);
	}

	@FunctionalInterface
	private interface Output {

		void run() throws IOException;

	}

}
