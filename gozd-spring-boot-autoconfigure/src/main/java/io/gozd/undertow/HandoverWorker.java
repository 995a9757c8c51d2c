package io.gozd.undertow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.gozd.listener.Listener;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.ManagementRegistration;
import org.xnio.Option;
import org.xnio.OptionMap;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;
import org.xnio.management.XnioServerMXBean;
import org.xnio.management.XnioWorkerMXBean;

/**
 * What Undertow takes for its worker: the one that it would have made, in front of which
 * listeners are ours. The real one lives while there is a listener, as Undertow's own
 * does from its start to its stop; nothing else makes one.
 */
final class HandoverWorker extends XnioWorker {

	private final WorkerSettings settings;

	private final ListenerSource source;

	private final Set<UndertowEndpoint> all;

	private final Set<UndertowEndpoint> served = ConcurrentHashMap.newKeySet();

	private int claimed;

	private volatile @Nullable XnioWorker worker;

	/**
	 * Create a worker without threads.
	 * @param settings those of the real one
	 * @param source where listeners come from
	 * @param all the listeners of every Undertow that runs, with those of this one
	 */
	HandoverWorker(Xnio xnio, WorkerSettings settings, ListenerSource source, Set<UndertowEndpoint> all) {
		super(new WithoutThreads(xnio));
		this.all = all;
		this.settings = settings;
		this.source = source;
	}

	@Override
	public synchronized AcceptingChannel<StreamConnection> createStreamConnectionServer(SocketAddress bindAddress,
			@Nullable ChannelListener<? super AcceptingChannel<StreamConnection>> acceptListener, OptionMap options)
			throws IOException {
		if (!(bindAddress instanceof InetSocketAddress address)) {
			throw new IOException("Undertow can't listen on " + bindAddress);
		}
		XnioWorker worker = this.worker;
		if (worker == null) {
			this.claimed = 0;
			worker = getXnio().createWorker(this.settings.options());
			this.worker = worker;
		}
		try {
			HandoverServer server = open(worker, address, options);
			if (acceptListener != null) {
				server.getAcceptSetter().set(acceptListener);
			}
			server.start();
			return server;
		}
		catch (IOException | RuntimeException | Error ex) {
			endIfUnused();
			throw ex;
		}
	}

	private HandoverServer open(XnioWorker worker, InetSocketAddress address, OptionMap options) throws IOException {
		SocketSettings settings = new SocketSettings(options);
		Listener listener = this.source.claim()
			.claim(this.claimed++, address, settings.backlog(), () -> settings.bind(address));
		UndertowEndpoint[] endpoint = new UndertowEndpoint[1];
		try {
			HandoverServer server = new HandoverServer(worker, listener, options, () -> closed(endpoint[0]));
			endpoint[0] = new UndertowEndpoint(server, this.source.posix());
		}
		catch (IOException | RuntimeException ex) {
			listener.channel().close();
			throw ex;
		}
		this.served.add(endpoint[0]);
		this.all.add(endpoint[0]);
		this.source.endpoints().add(endpoint[0]);
		return endpoint[0].server();
	}

	private void closed(UndertowEndpoint endpoint) {
		this.source.endpoints().remove(endpoint);
		this.all.remove(endpoint);
		this.served.remove(endpoint);
		endIfUnused();
	}

	private void endIfUnused() {
		XnioWorker worker;
		synchronized (this) {
			worker = this.worker;
			if (worker == null || !this.served.isEmpty()) {
				return;
			}
			this.worker = null;
		}
		end(worker);
	}

	/** As Undertow does. */
	private void end(XnioWorker worker) {
		Integer timeout = this.settings.shutdownTimeout();
		worker.shutdown();
		try {
			if (timeout == null) {
				worker.awaitTermination();
			}
			else if (!worker.awaitTermination(timeout, TimeUnit.MILLISECONDS)) {
				worker.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			worker.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	private XnioWorker running() {
		XnioWorker worker = this.worker;
		if (worker == null) {
			throw new RejectedExecutionException("Undertow is not running");
		}
		return worker;
	}

	@Override
	public void execute(Runnable command) {
		running().execute(command);
	}

	@Override
	public int getIoThreadCount() {
		return this.settings.ioThreads();
	}

	@Override
	public XnioIoThread getIoThread(int hashCode) {
		return running().getIoThread(hashCode);
	}

	@Override
	protected XnioIoThread chooseThread() {
		return running().getIoThread();
	}

	@Override
	public XnioWorkerMXBean getMXBean() {
		return running().getMXBean();
	}

	@Override
	protected ManagementRegistration registerServerMXBean(XnioServerMXBean metrics) {
		return () -> {
			// There is none.
		};
	}

	@Override
	public boolean supportsOption(Option<?> option) {
		XnioWorker worker = this.worker;
		return worker != null && worker.supportsOption(option);
	}

	@Override
	public <T> @Nullable T getOption(Option<T> option) throws IOException {
		XnioWorker worker = this.worker;
		return (worker != null) ? worker.getOption(option) : null;
	}

	@Override
	public <T> @Nullable T setOption(Option<T> option, T value) throws IOException {
		XnioWorker worker = this.worker;
		return (worker != null) ? worker.setOption(option, value) : null;
	}

	@Override
	public void shutdown() {
		XnioWorker worker = this.worker;
		if (worker != null) {
			worker.shutdown();
		}
	}

	@Override
	public List<Runnable> shutdownNow() {
		XnioWorker worker = this.worker;
		return (worker != null) ? worker.shutdownNow() : List.of();
	}

	@Override
	public boolean isShutdown() {
		XnioWorker worker = this.worker;
		return worker == null || worker.isShutdown();
	}

	@Override
	public boolean isTerminated() {
		XnioWorker worker = this.worker;
		return worker == null || worker.isTerminated();
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		XnioWorker worker = this.worker;
		return worker == null || worker.awaitTermination(timeout, unit);
	}

	@Override
	public void awaitTermination() throws InterruptedException {
		XnioWorker worker = this.worker;
		if (worker != null) {
			worker.awaitTermination();
		}
	}

	/** The worker that it would be by itself; its executor has no thread until used. */
	private static final class WithoutThreads extends Builder {

		WithoutThreads(Xnio xnio) {
			super(xnio);
			setWorkerName("gozd");
			setExternalExecutorService(new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()));
		}

	}

}
