package io.gozd.channel;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.function.Supplier;

import io.gozd.drain.Endpoint;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.SocketFile;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server of the application's own as an {@link Endpoint}. Whether the queue of the
 * kernel is empty is seen by a selector on the same channel, while the server stands
 * still: nobody else needs to accept for that.
 */
final class ChannelEndpoint implements Endpoint {

	private static final Log logger = LogFactory.getLog(ChannelEndpoint.class);

	private final String name;

	private final Listener listener;

	private final ChannelServer server;

	private final Supplier<Posix> posix;

	private final BoundedCalls calls;

	private final ConnectionCount count;

	private boolean accepting;

	/** Opened when the listener is to be closed: it costs descriptors. */
	private @Nullable Selector queue;

	ChannelEndpoint(String name, Listener listener, ChannelServer server, Supplier<Posix> posix) {
		this.name = name;
		this.listener = listener;
		this.server = server;
		this.posix = posix;
		this.calls = new BoundedCalls(name);
		this.count = new ConnectionCount(name, server::openConnections, ConnectionCount.PATIENCE);
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public @Nullable ListenerKey key() {
		return isOpen() ? this.listener.key() : null;
	}

	@Override
	public ListenerKey lastKey() {
		return this.listener.key();
	}

	private boolean isOpen() {
		return this.listener.channel().isOpen();
	}

	@Override
	public synchronized void accept() {
		if (!this.accepting && isOpen()) {
			this.accepting = true;
			this.calls.call("accept()", this.server::accept);
		}
	}

	@Override
	public synchronized void stopAccepting() {
		if (this.accepting) {
			this.calls.call("stopAccepting()", this.server::stopAccepting);
			this.accepting = false;
		}
	}

	@Override
	public synchronized boolean stopAcceptingIfQueueIsEmpty() throws IOException {
		if (!isOpen()) {
			return true;
		}
		Selector queue = queue();
		// Which connection is new can be told only while nobody takes some.
		stopAccepting();
		if (queue.selectNow() == 0) {
			return true;
		}
		queue.selectedKeys().clear();
		accept();
		return false;
	}

	private Selector queue() throws IOException {
		Selector queue = this.queue;
		if (queue == null) {
			queue = Selector.open();
			this.queue = queue;
			this.listener.channel().register(queue, SelectionKey.OP_ACCEPT);
		}
		return queue;
	}

	/**
	 * A Unix socket is not shut down for that: to every selector it would look from then
	 * on as if somebody waited. Without its file nobody finds it.
	 */
	@Override
	public void refuseNewcomers() throws IOException {
		SocketFile file = this.listener.file();
		if (!isOpen()) {
			return;
		}
		if (file != null) {
			file.remove();
		}
		else if (this.listener.address() instanceof InetSocketAddress || this.listener.supervised()) {
			this.listener.refuseNewcomers(this.posix.get());
		}
		else {
			throw new IOException(this.listener.address() + " has no file");
		}
	}

	@Override
	public synchronized void closeListener() {
		try {
			if (isOpen()) {
				stopAccepting();
				this.calls.call("closeListener()", this.server::closeListener);
			}
		}
		finally {
			closeChannel();
		}
	}

	private void closeChannel() {
		try {
			this.listener.channel().close();
			Selector queue = this.queue;
			if (queue != null) {
				// The JDK closes a descriptor when the last selector lets go.
				queue.close();
				this.queue = null;
			}
		}
		catch (IOException ex) {
			logger.warn("The listener of " + this.name + " did not close well", ex);
		}
	}

	@Override
	public void draining(boolean draining) {
		this.calls.call("draining(" + draining + ")", () -> this.server.draining(draining));
	}

	@Override
	public void remind() {
		// A server is told once.
	}

	@Override
	public void closeIdle() {
		this.calls.call("closeIdle()", this.server::closeIdle);
	}

	@Override
	public void closeAll() {
		this.calls.call("closeAll()", this.server::closeAll);
	}

	@Override
	public int openConnections() {
		return this.count.get();
	}

	/** End it, whatever its server does about that. */
	void stop() {
		closeListener();
		closeAll();
	}

}
