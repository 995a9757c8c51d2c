package io.gozd.servlet;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.gozd.drain.EventBoundary;
import io.gozd.drain.EventStreams;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import org.jspecify.annotations.Nullable;

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

	/** Longer than it takes to complete a request where nobody waits for anybody. */
	private static final long PATIENCE_MILLIS = 1000;

	private final ServletRequest request;

	private final ServletResponse response;

	private final EventStreams streams;

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Held by who completes it. Taken within the other lock, and kept behind it. No one
	 * else holds it for longer than a moment.
	 */
	private final ReentrantLock completing = new ReentrantLock();

	private final EventBoundary boundary = new EventBoundary();

	private boolean inChain = true;

	private boolean flushed = true;

	private boolean broken;

	private volatile boolean ending;

	private boolean ended;

	private volatile boolean forgotten;

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
		AsyncContext over;
		try {
			over = endBetweenEvents();
		}
		finally {
			this.lock.unlock();
		}
		complete(over);
	}

	/** The application's thread is done: what is not asynchronous has ended. */
	void chainEnded() {
		AsyncContext over = null;
		this.lock.lock();
		try {
			this.inChain = false;
			if (!this.request.isAsyncStarted()) {
				forget();
			}
			else if (hasEnded()) {
				over = leave();
			}
			else {
				listen();
			}
		}
		finally {
			this.lock.unlock();
		}
		complete(over);
	}

	/** What is to be completed then. */
	private @Nullable AsyncContext endBetweenEvents() {
		// Where Jetty's idle timeout fails a write it tells nobody, and Spring waits for
		// that.
		if (!this.broken && !(this.flushed && this.boundary.isBetweenEvents())) {
			return null;
		}
		// Behind the chain nobody would hide the failure of a write from the container.
		this.ended = this.ended || this.inChain;
		return leave();
	}

	private @Nullable AsyncContext leave() {
		if (this.forgotten) {
			return null;
		}
		AsyncContext context = null;
		this.completing.lock();
		try {
			// From here on the container waits before it uses the request again.
			if (!this.forgotten && this.request.isAsyncStarted()) {
				context = this.request.getAsyncContext();
				forget();
			}
		}
		catch (IllegalStateException ex) {
			// The application completes it at this moment: it ends as well.
			forget();
		}
		finally {
			if (context == null) {
				this.completing.unlock();
			}
		}
		return context;
	}

	/**
	 * Outside of the lock: Jetty tells the listeners in here, and they wait for locks
	 * that an application holds while it writes.
	 */
	private void complete(@Nullable AsyncContext context) {
		if (context == null) {
			return;
		}
		try {
			context.complete();
		}
		catch (IllegalStateException ex) {
			// As above.
		}
		finally {
			this.completing.unlock();
		}
	}

	private void listen() {
		if (!this.listening && this.request.isAsyncStarted()) {
			this.listening = true;
			this.request.getAsyncContext().addListener(this);
		}
	}

	void write(Output output) throws IOException {
		AsyncContext over = null;
		this.lock.lock();
		try {
			if (this.ending) {
				over = endBetweenEvents();
			}
			put(output, false);
		}
		finally {
			this.lock.unlock();
			complete(over);
		}
	}

	private void put(Output output, boolean flushes) throws IOException {
		if (hasEnded()) {
			refuse();
		}
		listen();
		this.flushed = false;
		try {
			output.run();
		}
		catch (IOException ex) {
			this.broken = true;
			throw ex;
		}
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

	private boolean hasEnded() {
		return this.ended || this.forgotten;
	}

	/** It ends without us. */
	void forget() {
		this.forgotten = true;
		this.streams.remove(this);
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
			this.ended = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tomcat and Undertow may call this within a monitor that a write which fails, and
	 * {@code complete()}, wait for: so this waits for no write, and not long for who
	 * completes it. Behind this the container uses the request for another one.
	 */
	@Override
	public void onComplete(AsyncEvent event) {
		forget();
		try {
			if (this.completing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
				this.completing.unlock();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
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
