package io.gozd.undertow;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Options;

/**
 * The worker that an Undertow would make for itself: what its builder says when it
 * starts.
 *
 * @param builder the builder, which may be changed until then
 */
record WorkerSettings(Undertow.Builder builder) {

	private static final int NO_LIMIT = 1_000_000;

	int ioThreads() {
		return (int) Hidden.get().ioThreads().get(this.builder);
	}

	/** As Undertow does. */
	OptionMap options() {
		int workerThreads = (int) Hidden.get().workerThreads().get(this.builder);
		OptionMap.Builder own = (OptionMap.Builder) Hidden.get().workerOptions().get(this.builder);
		return OptionMap.builder()
			.set(Options.WORKER_IO_THREADS, ioThreads())
			.set(Options.CONNECTION_HIGH_WATER, NO_LIMIT)
			.set(Options.CONNECTION_LOW_WATER, NO_LIMIT)
			.set(Options.WORKER_TASK_CORE_THREADS, workerThreads)
			.set(Options.WORKER_TASK_MAX_THREADS, workerThreads)
			.set(Options.TCP_NODELAY, true)
			.set(Options.CORK, true)
			.addAll(own.getMap())
			.getMap();
	}

	/** How long the worker may take to end, in milliseconds; null for ever. */
	@Nullable Integer shutdownTimeout() {
		OptionMap.Builder server = (OptionMap.Builder) Hidden.get().serverOptions().get(this.builder);
		return server.getMap().get(UndertowOptions.SHUTDOWN_TIMEOUT);
	}

	/** Whether the application has a worker of its own. */
	boolean isReplaced() {
		return Hidden.get().worker().get(this.builder) != null;
	}

}
