package io.gozd.undertow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.gozd.listener.GatedAcceptor;
import io.gozd.listener.Listener;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * What Undertow takes for a listening channel of XNIO: a listener of ours. Connections
 * are accepted behind the gate by a thread of their own, and counted from then on; the
 * I/O threads get them as they do from XNIO's own channel.
 */
final class HandoverServer implements AcceptingChannel<StreamConnection> {

	private static final Set<Option<?>> OPTIONS = Set.of(Options.REUSE_ADDRESSES, Options.RECEIVE_BUFFER,
			Options.SEND_BUFFER, Options.KEEP_ALIVE, Options.TCP_OOB_INLINE, Options.TCP_NODELAY,
			Options.CONNECTION_HIGH_WATER, Options.CONNECTION_LOW_WATER, Options.READ_TIMEOUT, Options.WRITE_TIMEOUT);

	private final XnioWorker worker;

	private final GatedAcceptor acceptor;

	private final SocketAddress address;

	private final String name;

	private final Gate gate;

	private final Set<Accepted> connections = ConcurrentHashMap.newKeySet();

	/** What an I/O thread is to fetch. */
	private final ThreadLocal<@Nullable StreamConnection> offered = new ThreadLocal<>();

	private final ChannelListener.SimpleSetter<HandoverServer> acceptSetter = new ChannelListener.SimpleSetter<>();

	private final ChannelListener.SimpleSetter<HandoverServer> closeSetter = new ChannelListener.SimpleSetter<>();

	private final Runnable closed;

	private volatile SocketSettings settings;

	/** Of the accepting thread alone; other listeners have the same threads. */
	private int turn = ThreadLocalRandom.current().nextInt();

	private boolean isClosed;

	/**
	 * Create a server that accepts nothing yet.
	 * @param worker whose threads serve the connections
	 * @param listener where they come from, owned by this server if it can be made
	 * @param options the options of the listener
	 * @param closed called once, when Undertow closes it
	 */
	HandoverServer(XnioWorker worker, Listener listener, OptionMap options, Runnable closed) throws IOException {
		this.worker = worker;
		this.acceptor = new GatedAcceptor(listener);
		this.gate = new Gate(this.acceptor, this.connections::size);
		this.address = listener.address();
		this.name = name(this.address);
		this.settings = new SocketSettings(options);
		this.closed = closed;
		limit();
	}

	private static String name(SocketAddress address) {
		InetSocketAddress inet = (InetSocketAddress) address;
		String host = inet.getAddress().isAnyLocalAddress() ? "" : inet.getAddress().getHostAddress() + "-";
		return host + inet.getPort();
	}

	/** Begin, once it is known who takes the connections. */
	void start() {
		new AcceptThread("undertow-acceptor-" + this.name, this.acceptor, this::deliver).start();
	}

	private void deliver(SocketChannel socket) {
		// Not by chance, as XNIO does: a few busy connections would get the same thread.
		XnioIoThread thread = this.worker.getIoThread(this.turn++);
		Accepted[] self = new Accepted[1];
		Accepted accepted = new Accepted(socket, thread, () -> ended(self[0]));
		self[0] = accepted;
		this.connections.add(accepted);
		this.acceptor.delivered();
		this.gate.update();
		try {
			thread.execute(() -> open(accepted));
		}
		catch (RejectedExecutionException ex) {
			accepted.closeNow();
		}
	}

	private void ended(Accepted accepted) {
		this.connections.remove(accepted);
		this.gate.update();
	}

	private void open(Accepted accepted) {
		StreamConnection connection;
		try {
			connection = accepted.open(this.settings);
		}
		catch (IOException | RuntimeException | Error ex) {
			// The peer has gone, most likely.
			accepted.closeNow();
			return;
		}
		this.offered.set(connection);
		ChannelListeners.invokeChannelListener(this, this.acceptSetter.get());
		if (this.offered.get() != null) {
			this.offered.remove();
			IoUtils.safeClose(connection);
		}
	}

	@Override
	public @Nullable StreamConnection accept() {
		StreamConnection connection = this.offered.get();
		this.offered.remove();
		return connection;
	}

	/** The host, if it is not every host, and the port. */
	String name() {
		return this.name;
	}

	GatedAcceptor acceptor() {
		return this.acceptor;
	}

	Gate gate() {
		return this.gate;
	}

	int openConnections() {
		// In this order: a connection moves from the first to the second.
		return this.acceptor.undelivered() + this.connections.size();
	}

	/**
	 * Close connections that Undertow has made nothing of, because they have said nothing
	 * yet: a handshake of TLS that does not come has no timeout there.
	 * @param known those that it has made something of
	 * @param patience how long one may say nothing
	 */
	void closeSilent(OpenConnections known, Duration patience) {
		if (this.connections.size() <= known.number()) {
			return;
		}
		List<Accepted> all = List.copyOf(this.connections);
		Set<SocketAddress> peers = new HashSet<>();
		int number = known.peers(peers);
		List<Accepted> silent = all.stream().filter((accepted) -> !peers.contains(accepted.peer())).toList();
		// Else some come through a proxy that says who they are, or just come or go.
		if (silent.size() == all.size() - number) {
			silent.stream().filter((accepted) -> accepted.isOlderThan(patience)).forEach(Accepted::close);
		}
	}

	void closeConnections() {
		this.connections.forEach(Accepted::close);
	}

	@Override
	public ChannelListener.Setter<HandoverServer> getAcceptSetter() {
		return this.acceptSetter;
	}

	@Override
	public ChannelListener.Setter<HandoverServer> getCloseSetter() {
		return this.closeSetter;
	}

	@Override
	public SocketAddress getLocalAddress() {
		return this.address;
	}

	@Override
	public <A extends SocketAddress> @Nullable A getLocalAddress(Class<A> type) {
		return type.isInstance(this.address) ? type.cast(this.address) : null;
	}

	@Override
	public void suspendAccepts() {
		this.gate.resumed(false);
	}

	@Override
	public void resumeAccepts() {
		this.gate.resumed(true);
	}

	@Override
	public boolean isAcceptResumed() {
		return this.gate.isResumed();
	}

	@Override
	public void wakeupAccepts() {
		resumeAccepts();
	}

	@Override
	public void awaitAcceptable() {
		throw new UnsupportedOperationException("awaitAcceptable");
	}

	@Override
	public void awaitAcceptable(long time, TimeUnit unit) {
		throw new UnsupportedOperationException("awaitAcceptable");
	}

	@Override
	public XnioWorker getWorker() {
		return this.worker;
	}

	@Override
	@Deprecated
	public XnioExecutor getAcceptThread() {
		return getIoThread();
	}

	@Override
	public XnioIoThread getIoThread() {
		return this.worker.getIoThread(0);
	}

	@Override
	public boolean isOpen() {
		return this.acceptor.listener().channel().isOpen();
	}

	@Override
	public boolean supportsOption(Option<?> option) {
		return OPTIONS.contains(option);
	}

	@Override
	public <T> @Nullable T getOption(Option<T> option) {
		return supportsOption(option) ? this.settings.options().get(option) : null;
	}

	@Override
	public synchronized <T> @Nullable T setOption(Option<T> option, T value) {
		if (!supportsOption(option)) {
			return null;
		}
		T old = this.settings.options().get(option);
		this.settings = new SocketSettings(
				OptionMap.builder().addAll(this.settings.options()).set(option, value).getMap());
		limit();
		return old;
	}

	private void limit() {
		this.gate.limit(this.settings.highWater(), this.settings.lowWater());
	}

	@Override
	public void close() throws IOException {
		synchronized (this) {
			if (this.isClosed) {
				return;
			}
			this.isClosed = true;
		}
		try {
			this.acceptor.close();
		}
		finally {
			ChannelListeners.invokeChannelListener(this, this.closeSetter.get());
			this.closed.run();
		}
	}

}
