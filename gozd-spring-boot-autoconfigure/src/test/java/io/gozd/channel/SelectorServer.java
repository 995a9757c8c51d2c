package io.gozd.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server of the JDK alone, with one thread for everything: answers each byte with its
 * name.
 */
final class SelectorServer implements ChannelServer {

	private final ServerSocketChannel listener;

	private final byte name;

	private final Selector selector = Selector.open();

	private final SelectionKey accepts;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final AtomicInteger open = new AtomicInteger();

	private final AtomicInteger accepted = new AtomicInteger();

	private final List<String> calls = new CopyOnWriteArrayList<>();

	private final Thread thread = new Thread(this::run, "test-selector");

	private volatile boolean ended;

	SelectorServer(ServerSocketChannel listener, char name) throws IOException {
		this.listener = listener;
		this.name = (byte) name;
		this.accepts = listener.register(this.selector, 0);
		this.thread.setDaemon(true);
		this.thread.start();
	}

	private void run() {
		try {
			while (!this.ended) {
				this.selector.select();
				for (SelectionKey key : this.selector.selectedKeys()) {
					handle(key);
				}
				this.selector.selectedKeys().clear();
				// Last: what was ready before a task is done then.
				for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
					task.run();
				}
			}
			this.selector.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void handle(SelectionKey key) throws IOException {
		if (!key.isValid()) {
			return;
		}
		if (key == this.accepts) {
			SocketChannel connection = key.isAcceptable() ? this.listener.accept() : null;
			if (connection != null) {
				this.open.incrementAndGet();
				this.accepted.incrementAndGet();
				connection.configureBlocking(false);
				connection.register(this.selector, SelectionKey.OP_READ);
			}
			return;
		}
		SocketChannel connection = (SocketChannel) key.channel();
		try {
			if (connection.read(ByteBuffer.allocate(1)) == 1) {
				connection.write(ByteBuffer.wrap(new byte[] { this.name }));
				return;
			}
		}
		catch (IOException ex) {
			// The client is gone.
		}
		connection.close();
		this.open.decrementAndGet();
	}

	/** In the server's thread: when this returns it is done, and nothing else is. */
	private void inLoop(Runnable task) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.tasks.add(() -> {
			task.run();
			done.complete(null);
		});
		this.selector.wakeup();
		done.join();
	}

	@Override
	public void accept() {
		this.calls.add("accept");
		inLoop(() -> this.accepts.interestOps(SelectionKey.OP_ACCEPT));
	}

	@Override
	public void stopAccepting() {
		this.calls.add("stop");
		inLoop(() -> this.accepts.interestOps(0));
	}

	@Override
	public void closeListener() {
		this.calls.add("close");
		inLoop(() -> {
			try {
				this.listener.close();
				// Lets go of the descriptor.
				this.selector.selectNow();
				this.selector.selectedKeys().clear();
			}
			catch (ClosedChannelException ex) {
				// Twice is fine.
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	@Override
	public int openConnections() {
		return this.open.get();
	}

	@Override
	public void closeAll() {
		this.calls.add("closeAll");
		inLoop(() -> {
			for (SelectionKey key : this.selector.keys()) {
				if (key != this.accepts && key.isValid()) {
					try {
						key.channel().close();
						this.open.decrementAndGet();
					}
					catch (IOException ex) {
						throw new UncheckedIOException(ex);
					}
				}
			}
		});
	}

	int accepted() {
		return this.accepted.get();
	}

	List<String> calls() {
		return this.calls;
	}

	void end() throws InterruptedException {
		this.ended = true;
		this.selector.wakeup();
		this.thread.join();
	}

}
