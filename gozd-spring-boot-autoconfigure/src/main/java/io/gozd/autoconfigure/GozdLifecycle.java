package io.gozd.autoconfigure;

import io.gozd.daemon.Generation;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;

/**
 * Drains before the web server stops, whoever closes the context. When the daemon itself
 * closes it, that is done already.
 */
final class GozdLifecycle implements SmartLifecycle, DisposableBean {

	/** Spring Boot's own graceful shutdown is at {@code DEFAULT_PHASE - 1024}. */
	static final int PHASE = DEFAULT_PHASE - 1000;

	private final Generation generation;

	private volatile boolean running;

	GozdLifecycle(Generation generation) {
		this.generation = generation;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		throw new UnsupportedOperationException("Stop must not be invoked directly");
	}

	@Override
	public void stop(Runnable callback) {
		this.running = false;
		this.generation.closing(callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void destroy() {
		this.generation.closed();
	}

}
