package io.gozd.daemon;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.SocketFile;
import io.gozd.posix.Posix;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to be replaced, as the incumbent sees it: the successor's process, and the
 * connection to it. Used in the {@link Loop} alone, but for {@link #pid()}.
 */
final class Attempt {

	private static final Log logger = LogFactory.getLog(Attempt.class);

	private static final int STDOUT = 1;

	private static final int STDERR = 2;

	/** For the report of its failure, and to delete its temporary files. */
	private static final Duration GRACE = Duration.ofSeconds(5);

	private final SuccessorProcess process;

	private final Faults faults;

	private final HandoverTimes times = new HandoverTimes();

	private @Nullable MessageChannel channel;

	private boolean ending;

	private boolean committed;

	private Set<ListenerKey> adopted = Set.of();

	private final List<SocketFile> made = new ArrayList<>();

	Attempt(SuccessorProcess process, Faults faults) {
		this.process = process;
		this.faults = faults;
	}

	long pid() {
		return this.process.pid();
	}

	/** Call back when the process has ended and is reaped. */
	void onEnd(Consumer<String> how) {
		this.process.onEnd(how);
	}

	/** What the process has ended with, if it has; for any thread. */
	OptionalInt exitCode() {
		return this.process.exitCode();
	}

	HandoverTimes times() {
		return this.times;
	}

	List<String> lastLines() {
		return this.process.lastLines();
	}

	void connected(MessageChannel channel) {
		this.channel = channel;
	}

	boolean isConnectedBy(MessageChannel channel) {
		return channel == this.channel;
	}

	void sendTable(List<Listener> listeners, Posix posix) throws IOException {
		List<Integer> descriptors = new ArrayList<>(List.of(STDOUT, STDERR));
		Map<SocketAddress, Integer> open = posix.listeningDescriptors(listeners.stream().map(Listener::name).toList());
		listeners.forEach((listener) -> descriptors.add(open.get(listener.name())));
		send(Heritage.table(listeners));
		channel().sendDescriptors(descriptors);
		this.faults.at("incumbent", "table-sent");
	}

	void prepared(Message message) throws IOException {
		this.times.prepared();
		this.adopted = message.list("listeners").stream().map(ListenerKey::new).collect(Collectors.toSet());
		List<String> files = message.list("files");
		for (int i = 0; i < files.size(); i++) {
			this.made.add(new SocketFile(Path.of(files.get(i)), message.list("inodes").get(i)));
		}
	}

	/** Whether the successor accepts from a listener, once it has been told to. */
	boolean adopts(ListenerKey key) {
		return this.adopted.contains(key);
	}

	/**
	 * Tidy up after a successor that has failed.
	 * @return its last words, for the report
	 */
	String remains() {
		removeFiles();
		List<String> lines = lastLines();
		return lines.isEmpty() ? "" : "\nIts last lines were:\n  | " + String.join("\n  | ", lines);
	}

	/** Remove what a successor that was killed could not. */
	private void removeFiles() {
		for (SocketFile file : this.made) {
			try {
				file.remove();
			}
			catch (IOException ex) {
				logger.warn("The file " + file.path() + " of a successor that has failed is left behind", ex);
			}
		}
	}

	void sendCommit(Duration probation) throws IOException {
		this.committed = true;
		this.times.committed();
		send(Message.of(Message.COMMIT).with("probation-millis", probation.toMillis()));
		this.faults.at("incumbent", "commit-sent");
	}

	void sendOwner(boolean reloadPending, boolean stops) throws IOException {
		send(Message.of(Message.OWNER).with("reload-pending", reloadPending).with("stops", stops));
		this.faults.at("incumbent", "owner-sent");
	}

	private void send(Message message) throws IOException {
		channel().send(message);
	}

	private MessageChannel channel() throws IOException {
		MessageChannel channel = this.channel;
		if (channel == null) {
			throw new IOException("there is no connection");
		}
		return channel;
	}

	/** Say nothing more, and listen to nothing. */
	void disconnect() {
		MessageChannel channel = this.channel;
		this.channel = null;
		if (channel != null) {
			channel.close();
		}
	}

	/** It said that it ends: it has more to say, and needs no signal. */
	void ends() {
		this.ending = true;
	}

	/**
	 * End the successor: at once if it may accept, because it must not any more.
	 * @return how long it has then to end by itself, or zero if it is killed
	 */
	Duration end(String reason) {
		MessageChannel channel = this.channel;
		this.channel = null;
		if (this.committed) {
			this.process.kill();
			return Duration.ZERO;
		}
		if (channel != null) {
			try {
				// Not closed: it reads the reason, and ends the connection as it ends.
				channel.send(Message.of(Message.ABORT, reason));
			}
			catch (IOException ex) {
				logger.debug("The successor can't be told that the reload is off", ex);
			}
		}
		if (!this.ending) {
			this.process.terminate();
		}
		return GRACE;
	}

	void kill() {
		this.process.kill();
	}

	/** End the successor with the incumbent, where it has not taken over. */
	void killUnlessCommitted() {
		if (!this.committed) {
			this.process.kill();
		}
	}

}
