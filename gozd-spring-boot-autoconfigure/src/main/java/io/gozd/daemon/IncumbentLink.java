package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.handover.Successor;
import io.gozd.posix.PeerCredentials;
import io.gozd.posix.Posix;
import io.gozd.posix.ProcessFile;
import io.gozd.posix.UnixConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The successor's connection to its incumbent, from the first instant of the process on:
 * in a thread of its own, beside the start of the application.
 */
final class IncumbentLink {

	private static final Log logger = LogFactory.getLog(IncumbentLink.class);

	private static final int MAX_DESCRIPTORS = 1 << 16;

	private static final Duration UNKNOWN_PROBATION = Duration.ofMinutes(5);

	private static final int GREETING_TIMEOUT_MILLIS = 30_000;

	/** How long an incumbent that has closed the connection may take to be seen dead. */
	private static final long DEATH_MILLIS = 10_000;

	private final HandoverAddress address;

	private final Supplier<Posix> posix;

	private final Loop loop;

	private final Faults faults;

	private final CompletableFuture<Heritage> heritage = new CompletableFuture<>();

	private final CompletableFuture<Successor> successor = new CompletableFuture<>();

	private volatile @Nullable MessageChannel messages;

	private volatile boolean finished;

	private volatile boolean handedOver;

	private volatile boolean stops;

	private volatile Duration probation = Duration.ZERO;

	IncumbentLink(HandoverAddress address, Supplier<Posix> posix, Loop loop, Faults faults) {
		this.address = address;
		this.posix = posix;
		this.loop = loop;
		this.faults = faults;
	}

	/** Connect and fetch what is passed on. */
	void open() {
		Thread thread = new Thread(this::run, "gozd-handover");
		thread.setDaemon(true);
		thread.start();
	}

	/** Say who is told what the incumbent says; until then it waits. */
	void attach(Successor successor) {
		this.successor.complete(successor);
	}

	/**
	 * What the incumbent has passed on. Waits, in bounds; nothing if the incumbent died.
	 */
	Heritage heritage() {
		return this.heritage.join();
	}

	private void run() {
		try {
			this.faults.at("successor", "before-hello");
			try (MessageChannel channel = connect()) {
				greet(channel);
				listen(channel, this.successor.join());
			}
		}
		catch (IOException | RuntimeException ex) {
			if (!this.finished && isGivenUp()) {
				abort("the daemon was killed while this process was started");
			}
			else if (!this.finished) {
				lost(ex);
			}
		}
		catch (LinkageError ex) {
			abort("the native code of jnr-ffi can't be loaded (" + ex.getMessage()
					+ "): point -Djava.io.tmpdir to a directory that is writable and not mounted noexec");
		}
		finally {
			// Where there was no table, every listener is bound anew.
			this.heritage.complete(Heritage.NONE);
		}
	}

	private void abort(String reason) {
		this.loop.execute(() -> this.successor.join().abort(reason));
	}

	/** Who kills a daemon takes its control socket away; one that crashes leaves it. */
	private boolean isGivenUp() {
		return !this.heritage.isDone() && Files.notExists(this.address.controlSocket());
	}

	private MessageChannel connect() throws IOException {
		Posix system = this.posix.get();
		UnixConnection connection = system.connect(this.address.controlSocket());
		// The kernel noted who listens when the incumbent began to.
		PeerCredentials peer = connection.peer();
		if (peer.pid() != this.address.incumbent()) {
			connection.close();
			throw new IOException("Pid " + peer.pid() + " of user " + peer.uid() + " is not the incumbent");
		}
		return new MessageChannel(connection, MAX_DESCRIPTORS, system::close);
	}

	private void greet(MessageChannel channel) throws IOException {
		channel.readTimeout(GREETING_TIMEOUT_MILLIS);
		channel.send(Message.of(Message.HELLO)
			.with("pid", ProcessHandle.current().pid())
			.with("generation", this.address.generation()));
		this.faults.at("successor", "hello-sent");
		Message table = channel.receive();
		if (!table.type().equals(Message.TABLE)) {
			throw new IOException("The incumbent answers HELLO with " + table.type() + ": " + table.field("reason"));
		}
		this.messages = channel;
		List<Integer> descriptors = channel.receiveDescriptors(Heritage.descriptors(table));
		this.heritage.complete(Heritage.of(table, descriptors));
		channel.readTimeout(0);
		this.faults.at("successor", "table-received");
	}

	private void listen(MessageChannel channel, Successor successor) throws IOException {
		while (true) {
			Message message = channel.receive();
			this.loop.execute(() -> told(successor, message));
		}
	}

	private void told(Successor successor, Message message) {
		switch (message.type()) {
			case Message.COMMIT -> {
				this.probation = probation(message);
				this.faults.at("successor", "commit-received");
				successor.commit();
			}
			case Message.OWNER -> {
				this.handedOver = true;
				this.stops = "true".equals(message.field("stops"));
				this.faults.at("successor", "owner");
				successor.owner("true".equals(message.field("reload-pending")));
			}
			case Message.ABORT, Message.REFUSED -> successor.abort(String.valueOf(message.field("reason")));
			default -> logger.debug("The incumbent says " + message.type() + ", which this release does not know");
		}
	}

	/**
	 * The connection is gone. If the incumbent is gone as well, this process goes on
	 * alone; if it lives, it is about to end this process.
	 */
	private void lost(Exception reason) {
		logger.debug("The connection to the incumbent is gone", reason);
		ProcessFile incumbent = ProcessFile.of(this.address.incumbent());
		long deadline = System.nanoTime() + DEATH_MILLIS * 1_000_000;
		while (!this.finished && incumbent.isAlive() && isStillParent() && System.nanoTime() < deadline) {
			try {
				Thread.sleep(20);
			}
			catch (InterruptedException ex) {
				return;
			}
		}
		boolean died = !incumbent.isAlive() || !isStillParent();
		this.successor
			.thenAccept((successor) -> this.loop.execute(died ? successor::incumbentDied : successor::incumbentLost));
	}

	/** As long as it is the parent, its pid means nobody else. */
	void killIncumbent() {
		if (isStillParent()) {
			logger.error("The incumbent (pid " + this.address.incumbent() + ") does not answer: it is killed");
			ProcessHandle.of(this.address.incumbent()).ifPresent(ProcessHandle::destroyForcibly);
		}
	}

	private boolean isStillParent() {
		try {
			return ProcessFile.self().parent() == this.address.incumbent();
		}
		catch (IOException ex) {
			return false;
		}
	}

	void send(Message message) {
		MessageChannel channel = this.messages;
		if (channel == null) {
			return;
		}
		try {
			channel.send(message);
		}
		catch (IOException ex) {
			// The reader sees the end of the connection as well, and tells it.
			logger.debug("Can't tell the incumbent " + message.type(), ex);
		}
	}

	/** How long the incumbent would come back, as it said with COMMIT. */
	Duration probation() {
		return this.probation;
	}

	private static Duration probation(Message commit) {
		try {
			return Duration.ofMillis(commit.number("probation-millis"));
		}
		catch (IOException ex) {
			// Another release, which does not say.
			return UNKNOWN_PROBATION;
		}
	}

	/**
	 * Whether the incumbent has said that the daemon is this process's, and so to all.
	 */
	boolean isHandedOver() {
		return this.handedOver;
	}

	/**
	 * Whether the incumbent has said that the daemon is to end with this process, and
	 * that it says so to the service manager.
	 */
	boolean isStopping() {
		return this.stops;
	}

	/** Do something once the incumbent can be told about it, or is gone. */
	void whenGreeted(Runnable action) {
		this.heritage.thenRun(action);
	}

	/** Say that this process will not be the successor. */
	void refuse(String reason) {
		finish();
		this.heritage.thenAccept((heritage) -> {
			send(Message.of(Message.FAILED, reason));
			heritage.listeners().forEach((listener) -> this.posix.get().close(listener.descriptor()));
			heritage.output().forEach(this.posix.get()::close);
		});
	}

	/** Nothing that the incumbent says or does matters any more. */
	void finish() {
		this.finished = true;
	}

}
