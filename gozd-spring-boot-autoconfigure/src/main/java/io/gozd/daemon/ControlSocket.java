package io.gozd.daemon;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Semaphore;
import java.util.function.LongPredicate;
import java.util.function.Supplier;

import io.gozd.handover.MessageChannel;
import io.gozd.posix.PeerCredentials;
import io.gozd.posix.Posix;
import io.gozd.posix.UnixConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Listens on the control socket of this generation. The JDK waits for connections and
 * native code takes them: so nothing native is loaded before somebody comes.
 */
final class ControlSocket implements Closeable {

	private static final Log logger = LogFactory.getLog(ControlSocket.class);

	/** Peers that have not said yet what they want, beside the successor. */
	private static final int MAX_PEERS = 16;

	private static final long ERROR_DELAY_MILLIS = 100;

	private final ServerSocketChannel channel;

	private final Selector selector;

	private final Supplier<Posix> posix;

	private final long user;

	private final LongPredicate successor;

	private final Conversation conversation;

	private final Semaphore places = new Semaphore(MAX_PEERS);

	/** Of the thread that accepts. */
	private boolean mute;

	/**
	 * Create a control socket and listen.
	 * @param channel a Unix socket that listens; closed with this object
	 * @param posix the operating system
	 * @param user who may talk, beside root
	 * @param successor tells the successor's pid: it always finds a place
	 * @param conversation what is said on each connection, in a thread of its own
	 * @throws IOException if no selector can be had
	 */
	ControlSocket(ServerSocketChannel channel, Supplier<Posix> posix, long user, LongPredicate successor,
			Conversation conversation) throws IOException {
		this.channel = channel;
		this.posix = posix;
		this.user = user;
		this.successor = successor;
		this.conversation = conversation;
		this.selector = Selector.open();
		channel.configureBlocking(false);
		channel.register(this.selector, SelectionKey.OP_ACCEPT);
		start(this::listen, "gozd-control");
	}

	private static void start(Runnable task, String name) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
	}

	private void listen() {
		while (this.channel.isOpen()) {
			try {
				this.selector.select();
				this.selector.selectedKeys().clear();
				if (this.channel.isOpen()) {
					accept();
				}
			}
			catch (ClosedSelectorException ex) {
				// Closed: the end.
				return;
			}
			catch (IOException | RuntimeException | OutOfMemoryError ex) {
				// Not even the failure could be logged: perhaps later. Nobody can tell
				// the daemon to end once nobody listens.
				breathe();
			}
		}
	}

	private void accept() throws IOException {
		UnixConnection connection = null;
		try {
			connection = this.posix.get().accept(this.channel);
			PeerCredentials peer = connection.peer();
			if (peer.uid() != this.user && peer.uid() != 0) {
				logger.warn("User " + peer.uid() + " (pid " + peer.pid() + ") may not talk to this daemon");
				connection.close();
			}
			else if (this.successor.test(peer.pid())) {
				converse(connection, peer, () -> {
				});
			}
			else if (this.places.tryAcquire()) {
				converse(connection, peer, this.places::release);
			}
			else {
				logger.warn("Too many connections to the control socket: pid " + peer.pid() + " is turned away");
				connection.close();
			}
		}
		catch (IOException ex) {
			logger.debug("Nobody to talk to on the control socket", ex);
			if (connection != null) {
				connection.close();
			}
			breathe();
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// No more threads: perhaps later.
			logger.warn("Nobody can be answered on the control socket now", ex);
			if (connection != null) {
				connection.close();
			}
			breathe();
		}
		catch (LinkageError ex) {
			// Nobody can be answered, now or later: nor let wait.
			if (!this.mute) {
				this.mute = true;
				logger.error("The native code of jnr-ffi can't be loaded (" + ex.getMessage()
						+ "): reloads are not possible. Point -Djava.io.tmpdir to a directory that is writable and not"
						+ " mounted noexec");
			}
			turnAway();
		}
	}

	private void turnAway() {
		try (SocketChannel nobody = this.channel.accept()) {
			logger.debug("Turned away: " + nobody);
		}
		catch (IOException ex) {
			breathe();
		}
	}

	/**
	 * Short of descriptors, the connection still waits: do not ask for it all the time.
	 */
	private static void breathe() {
		try {
			Thread.sleep(ERROR_DELAY_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void converse(UnixConnection connection, PeerCredentials peer, Runnable end) {
		Runnable talk = () -> {
			try (MessageChannel messages = new MessageChannel(connection, 0, this.posix.get()::close)) {
				this.conversation.with(peer, messages);
			}
			catch (IOException | RuntimeException ex) {
				logger.debug("The talk with pid " + peer.pid() + " ended", ex);
			}
			finally {
				end.run();
			}
		};
		try {
			start(talk, "gozd-control-" + peer.pid());
		}
		catch (OutOfMemoryError ex) {
			end.run();
			throw ex;
		}
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
		this.selector.close();
	}

	/** What is said on one connection. */
	@FunctionalInterface
	interface Conversation {

		void with(PeerCredentials peer, MessageChannel messages) throws IOException;

	}

}
