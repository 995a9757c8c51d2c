package io.gozd.tcp;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.gozd.drain.Endpoint;
import io.gozd.listener.Directive;
import io.gozd.listener.GatedAcceptor;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Runs the handler of one directive. A connection counts as open until its handler has
 * returned: what the handler does last is waited for as well.
 */
final class TcpServer implements Endpoint, AcceptLoop.Connections {

	private static final Log logger = LogFactory.getLog(TcpServer.class);

	private final Directive directive;

	private final GatedAcceptor acceptor;

	private final TcpHandler handler;

	private final Executor workers;

	private final Executor notices;

	private final Supplier<Posix> posix;

	private final AcceptLoop loop;

	private final Set<SocketConnection> connections = ConcurrentHashMap.newKeySet();

	private volatile boolean draining;

	private volatile boolean stopped;

	/**
	 * Create a server, which accepts nothing yet.
	 * @param directive what is served
	 * @param acceptor where connections come from; closed by the server
	 * @param handler serves one connection
	 * @param workers threads of connections: as many as the directive allows
	 * @param notices threads that tell connections of a drain
	 * @param posix the operating system, asked for only where the JDK does not do
	 */
	TcpServer(Directive directive, GatedAcceptor acceptor, TcpHandler handler, Executor workers, Executor notices,
			Supplier<Posix> posix) {
		this.directive = directive;
		this.acceptor = acceptor;
		this.handler = handler;
		this.workers = workers;
		this.notices = notices;
		this.posix = posix;
		this.loop = new AcceptLoop("gozd.directives." + directive.id(), directive.maxConnections(), this);
	}

	void start() {
		this.loop.start(name() + "-acceptor");
	}

	/** End without waiting for anybody. */
	void stop() {
		this.stopped = true;
		closeListener();
		closeAll();
	}

	@Override
	public SocketChannel next() throws IOException {
		return this.acceptor.accept();
	}

	@Override
	public void take(SocketChannel channel) throws IOException {
		SocketConnection connection = null;
		try {
			connection = new SocketConnection(this, channel);
			this.connections.add(connection);
			SocketConnection taken = connection;
			this.workers.execute(() -> serve(taken));
		}
		catch (IOException | RuntimeException | Error ex) {
			if (connection != null) {
				this.connections.remove(connection);
			}
			channel.close();
			throw ex;
		}
		finally {
			this.acceptor.delivered();
		}
	}

	private void serve(SocketConnection connection) {
		try {
			if (!this.stopped) {
				this.handler.handle(connection);
			}
		}
		catch (Throwable ex) {
			connection.failed("The handler", ex);
		}
		finally {
			connection.close();
			this.connections.remove(connection);
			this.loop.ended();
		}
	}

	@Override
	public String name() {
		return "tcp-" + this.directive.id();
	}

	@Override
	public @Nullable ListenerKey key() {
		Listener listener = this.acceptor.listener();
		return listener.channel().isOpen() ? listener.key() : null;
	}

	@Override
	public ListenerKey lastKey() {
		return this.acceptor.listener().key();
	}

	@Override
	public void accept() {
		this.acceptor.open();
	}

	@Override
	public void stopAccepting() {
		this.acceptor.shut();
	}

	@Override
	public boolean stopAcceptingIfQueueIsEmpty() throws IOException {
		return !this.acceptor.listener().channel().isOpen() || this.acceptor.shutIfQueueIsEmpty();
	}

	@Override
	public void refuseNewcomers() throws IOException {
		if (this.acceptor.listener().channel().isOpen()) {
			this.acceptor.listener().refuseNewcomers(posix());
			this.loop.takeAll();
		}
	}

	@Override
	public void closeListener() {
		try {
			this.acceptor.close();
		}
		catch (IOException ex) {
			logger.warn("The listener of " + name() + " did not close well", ex);
		}
		this.loop.close();
	}

	@Override
	public void draining(boolean draining) {
		this.draining = draining;
		if (draining) {
			this.connections.forEach(SocketConnection::drains);
		}
	}

	@Override
	public void remind() {
		// A handler is told once.
	}

	@Override
	public void closeIdle() {
		// Nobody but the handler knows whether a connection is idle.
	}

	@Override
	public void closeAll() {
		this.connections.forEach(SocketConnection::cut);
	}

	@Override
	public int openConnections() {
		// In this order: a connection moves from the first to the second.
		int undelivered = this.acceptor.undelivered();
		return undelivered + this.connections.size();
	}

	@Override
	public OptionalLong acceptedConnections() {
		return OptionalLong.of(this.acceptor.accepted());
	}

	Directive directive() {
		return this.directive;
	}

	Posix posix() {
		return this.posix.get();
	}

	boolean isDraining() {
		return this.draining;
	}

	/** Do something in a thread that tells connections of a drain. */
	void later(Runnable task) {
		try {
			this.notices.execute(task);
		}
		catch (RuntimeException | Error ex) {
			logger.warn("A connection of gozd.directives." + this.directive.id() + " is not told of the drain", ex);
		}
	}

}
