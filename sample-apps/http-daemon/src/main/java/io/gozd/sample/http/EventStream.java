package io.gozd.sample.http;

import java.io.IOException;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * The events that one client gets, each of them one run.
 */
final class EventStream implements Runnable {

	/** As many events as nobody waits for. */
	static final String ENDLESS = "" + Long.MAX_VALUE;

	private final SseEmitter emitter;

	private final String data;

	private long left;

	EventStream(SseEmitter emitter, String data, long events) {
		this.emitter = emitter;
		this.data = data;
		this.left = events;
	}

	@Override
	public void run() {
		try {
			this.emitter.send(this.data);
			this.left--;
			if (this.left <= 0) {
				this.emitter.complete();
			}
		}
		catch (IOException | IllegalStateException ex) {
			// The client has gone or a drain has ended the stream: its completion ends
			// these runs, and nobody is left to tell.
		}
	}

}
