package io.gozd.tcp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.gozd.drain.Endpoints;
import io.gozd.listener.Directive;
import io.gozd.listener.GatedAcceptor;
import io.gozd.listener.Listener;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The servers of raw TCP of this process, one for each directive. Thread safe.
 */
public final class TcpServers {

	private static final Log logger = LogFactory.getLog(TcpServers.class);

	private static final int MAX_NOTICES = 64;

	private static final long TICK_MILLIS = 10;

	/** What is cut off gets this long to notice. */
	private static final long LAST_WORDS_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Endpoints endpoints;

	private final Supplier<Posix> posix;

	private final boolean virtualThreads;

	private final Executor notices;

	private final List<TcpServer> servers = new ArrayList<>();

	/**
	 * Create the servers of a process: none.
	 * @param endpoints the endpoints of this process
	 * @param posix the operating system, asked for only where the JDK does not do
	 * @param virtualThreads whether connections have virtual threads, where the JVM has
	 * them
	 */
	public TcpServers(Endpoints endpoints, Supplier<Posix> posix, boolean virtualThreads) {
		this.endpoints = endpoints;
		this.posix = posix;
		this.virtualThreads = virtualThreads;
		this.notices = Workers.atMost("tcp-drain-", virtualThreads, MAX_NOTICES);
	}

	/**
	 * Serve a directive, once the gates are open. Its thread keeps the JVM alive until
	 * the listener is closed.
	 * @param directive the directive
	 * @param listener its listener; closed by the server, also if this fails
	 * @param handler serves its connections, called by many threads
	 * @throws IOException if no selector can be had
	 */
	public synchronized void start(Directive directive, Listener listener, TcpHandler handler) throws IOException {
		Executor workers = Workers.asMany("tcp-" + directive.id() + "-", this.virtualThreads, Workers.IDLE);
		TcpServer server = new TcpServer(directive, acceptor(listener), handler, workers, this.notices, this.posix);
		try {
			server.start();
		}
		catch (RuntimeException | Error ex) {
			server.stop();
			throw ex;
		}
		this.servers.add(server);
		this.endpoints.add(server);
		logger.info("gozd.directives." + directive.id() + " is served on " + listener.address());
	}

	private static GatedAcceptor acceptor(Listener listener) throws IOException {
		try {
			return new GatedAcceptor(listener);
		}
		catch (IOException | RuntimeException ex) {
			listener.channel().close();
			throw ex;
		}
	}

	/**
	 * Close all listeners and what is open still: a drain was the time to end well.
	 * Returns when handlers have, or after a second.
	 */
	public synchronized void stop() {
		this.servers.forEach(this.endpoints::remove);
		this.servers.forEach(TcpServer::stop);
		long deadline = System.nanoTime() + LAST_WORDS_NANOS;
		try {
			while (isAnyOpen() && System.nanoTime() < deadline) {
				Thread.sleep(TICK_MILLIS);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.servers.clear();
	}

	private boolean isAnyOpen() {
		return this.servers.stream().anyMatch((server) -> server.openConnections() > 0);
	}

}
