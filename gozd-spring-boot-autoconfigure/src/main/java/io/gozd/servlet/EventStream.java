package io.gozd.servlet;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

import io.gozd.drain.EventBoundary;
import io.gozd.drain.EventStreams;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;

/**
 * One stream of events, whatever it is written through. It ends where the application has
 * flushed between two events; what the application writes afterwards fails as if the
 * client had gone.
 * <p>
 * An asynchronous stream is completed there, whether another event comes or not. One that
 * is written by the thread of its request belongs to that thread: its next write fails,
 * and the container writes the end when the thread comes back. So a stream of that kind
 * that never writes again goes on until its connection is closed.
 */
final class EventStream implements EventStreams.Stream, AsyncListener {

	private final ServletRequest request;

	private final ServletResponse response;

	private final EventStreams streams;

	private final ReentrantLock lock = new ReentrantLock();

	private final EventBoundary boundary = new EventBoundary();

	private boolean inChain = true;

	private boolean flushed = true;

	private volatile boolean ending;

	private boolean ended;

	private boolean forgotten;

	private boolean listening;

	EventStream(ServletRequest request, ServletResponse response, EventStreams streams) {
		this.request = request;
		this.response = response;
		this.streams = streams;
		streams.add(this);
	}

	/** Hear of its end, if it is asynchronous already. */
	void begin() {
		this.lock.lock();
		try {
			listen();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What is told of every byte or character, within {@link #write}. */
	EventBoundary boundary() {
		return this.boundary;
	}

	/**
	 * End now, or, if an event is being written, with the first write behind it. The
	 * drain asks again, so it ends without such a write too.
	 */
	@Override
	public void end() {
		this.ending = true;
		if (!this.lock.tryLock()) {
			// It is being written to, and may end there; else the drain asks again.
			return;
		}
		try {
			endBetweenEvents();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** The application's thread is done: what is not asynchronous has ended. */
	void chainEnded() {
		this.lock.lock();
		try {
			this.inChain = false;
			if (!this.request.isAsyncStarted()) {
				forget();
			}
			else if (this.ended) {
				complete();
			}
			else {
				listen();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void endBetweenEvents() {
		if (this.flushed && this.boundary.isBetweenEvents()) {
			// Behind the chain nobody would hide the failure of a write from the
			// container.
			this.ended = this.ended || this.inChain;
			complete();
		}
	}

	private void complete() {
		try {
			if (!this.forgotten && this.request.isAsyncStarted()) {
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
			if (this.ending) {
				endBetweenEvents();
			}
			put(output, false);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void put(Output output, boolean flushes) throws IOException {
		if (this.ended) {
			refuse();
		}
		listen();
		this.flushed = false;
		output.run();
		this.flushed = flushes;
	}

	private void refuse() throws IOException {
		if (!this.forgotten && !this.response.isCommitted()) {
			// Or an application could still make an error of it, after which clients do
			// not connect again.
			this.response.flushBuffer();
		}
		throw new EventStreamEndedException(this);
	}

	/** No end in here: who has sent an event must not hear that it failed. */
	void flush(Output output) throws IOException {
		this.lock.lock();
		try {
			put(output, true);
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
			this.forgotten = true;
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

	/** It goes on, whatever it was told: the container calls when it is to be written. */
	void doNotBlock() {
		this.lock.lock();
		try {
			ignore();
			this.ending = false;
			this.ended = this.forgotten;
		}
		finally {
			this.lock.unlock();
		}
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
