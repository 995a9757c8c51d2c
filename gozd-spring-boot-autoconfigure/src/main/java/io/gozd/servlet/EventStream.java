package io.gozd.servlet;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;

/**
 * One stream of events, whatever it is written through. It ends where the application has
 * flushed, which is between two events; what the application writes afterwards fails as
 * if the client had gone.
 */
final class EventStream implements AsyncListener {

	private final ServletRequest request;

	private final EventStreams streams;

	private final ReentrantLock lock = new ReentrantLock();

	private boolean flushed = true;

	private boolean ending;

	private boolean ended;

	private boolean listening;

	EventStream(ServletRequest request, EventStreams streams) {
		this.request = request;
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

	/** The application's thread is done: what is not asynchronous has ended. */
	void chainEnded() {
		this.lock.lock();
		try {
			if (this.request.isAsyncStarted()) {
				listen();
			}
			else {
				forget();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void endIfFlushed() {
		try {
			if (!this.ended && this.flushed && this.request.isAsyncStarted()) {
				forget();
				this.request.getAsyncContext().complete();
			}
		}
		catch (IllegalStateException ex) {
			// The application completes it at this moment: it ends as well.
			forget();
		}
	}

	private void listen() {
		if (!this.listening && this.request.isAsyncStarted()) {
			this.listening = true;
			this.request.getAsyncContext().addListener(this);
		}
	}

	void write(Output output) throws IOException {
		this.lock.lock();
		try {
			if (this.ended) {
				throw new IOException("The event stream has ended: this generation of the daemon drains");
			}
			listen();
			this.flushed = false;
			output.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	void flush(Output output) throws IOException {
		this.lock.lock();
		try {
			write(output);
			this.flushed = true;
			if (this.ending) {
				endIfFlushed();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** It ends without us. */
	void forget() {
		this.lock.lock();
		try {
			this.ended = true;
			this.streams.remove(this);
		}
		finally {
			this.lock.unlock();
		}
	}

	/** It goes on, but not as a stream that can be ended between two events. */
	void ignore() {
		this.streams.remove(this);
	}

	@Override
	public void onComplete(AsyncEvent event) {
		forget();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		ignore();
	}

	@Override
	public void onError(AsyncEvent event) {
		ignore();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
		event.getAsyncContext().addListener(this);
	}

	/** What is written. */
	@FunctionalInterface
	interface Output {

		void run() throws IOException;

	}

}
