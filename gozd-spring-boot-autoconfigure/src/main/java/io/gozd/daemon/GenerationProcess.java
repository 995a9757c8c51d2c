package io.gozd.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Optional;

import io.gozd.handover.Message;
import io.gozd.handover.MessageChannel;
import io.gozd.listener.SocketFile;
import io.gozd.posix.NativePosix;
import io.gozd.posix.PeerCredentials;
import io.gozd.posix.PlainUnixConnection;
import io.gozd.posix.ProcessFile;
import io.gozd.posix.SocketOwners;

/**
 * A process of a daemon, as another process sees it.
 *
 * @param generation the number that its control socket says
 * @param pid the pid that its control socket says
 * @param socket its control socket
 */
public record GenerationProcess(int generation, long pid, Path socket) {

	private static final int STATE_MILLIS = 5000;

	static GenerationProcess at(Path socket) {
		String[] name = socket.getFileName().toString().split("[-.]");
		return new GenerationProcess(Integer.parseInt(name[0]), Long.parseLong(name[1]), socket);
	}

	boolean lives() {
		return SocketFile.isAnswered(this.socket);
	}

	/**
	 * Ask it something.
	 * @param question what
	 * @param timeoutMillis how long it may be silent, each time
	 * @return the connection, on which its answers come; owned by the caller
	 * @throws IOException if it does not listen, or is another user's
	 */
	public MessageChannel ask(Message question, int timeoutMillis) throws IOException {
		PlainUnixConnection connection = connect();
		MessageChannel channel = new MessageChannel(connection, 0, (descriptor) -> {
		});
		try {
			checkUser(connection);
			channel.readTimeout(timeoutMillis);
			channel.send(question);
			return channel;
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/** Where it stands, as it says itself: an empty text where it does not. */
	private String state() {
		try (MessageChannel channel = ask(Message.of(Message.STATUS), STATE_MILLIS)) {
			String state = channel.receive().field("state");
			return (state != null) ? state : "";
		}
		catch (IOException ex) {
			return "";
		}
	}

	/** Whether it says that the daemon is its own. */
	boolean serves() {
		return List.of("serving", "reloading").contains(state());
	}

	/** Whether it says that it will end and nothing else. */
	boolean ends() {
		return List.of("draining", "stopping").contains(state());
	}

	private PlainUnixConnection connect() throws IOException {
		// A link would lead root where the user of the directory wants.
		if (Files.isSymbolicLink(this.socket) || Files.isSymbolicLink(directory())) {
			throw new IOException(this.socket + " is a link, or in one: no daemon makes it");
		}
		return PlainUnixConnection.connect(this.socket, NativePosix::get);
	}

	/** Whose directory it is, its daemon is that: or else root has begun to listen. */
	private void checkUser(PlainUnixConnection connection) throws IOException {
		UserPrincipal user = connection.user();
		UserPrincipal owner = Files.getOwner(directory(), LinkOption.NOFOLLOW_LINKS);
		if (!user.equals(owner) && !user.equals(root())) {
			throw new IOException("User " + user.getName() + " listens on " + this.socket
					+ ", whose directory belongs to " + owner.getName());
		}
	}

	private UserPrincipal root() throws IOException {
		return this.socket.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("0");
	}

	/**
	 * Prove that it is the process of that pid that listens: the kernel says that it
	 * holds the socket, and it is of the user whose directory it is. Without a
	 * connection, so also of a process that hangs.
	 * @return the process, which can be ended now
	 * @throws IOException if it is another process, or none
	 */
	public ProvenProcess prove() throws IOException {
		// First: a process that begins later has another time of start.
		ProcessHandle handle = ProcessHandle.of(this.pid)
			.orElseThrow(() -> new IOException("There is no process " + this.pid));
		checkUserOfProcess();
		Optional<Boolean> holds = new SocketOwners().holds(this.pid, this.socket);
		if (holds.isEmpty()) {
			proveByConnection();
		}
		else if (!holds.get()) {
			throw new IOException(
					"Another process listens on " + this.socket + ": pid " + this.pid + " is not of this daemon");
		}
		return new ProvenProcess(this, handle);
	}

	/** Whoever can write to the directory must not choose whom root kills. */
	private void checkUserOfProcess() throws IOException {
		long owner = ((Number) Files.getAttribute(directory(), "unix:uid", LinkOption.NOFOLLOW_LINKS)).longValue();
		long user = ProcessFile.of(this.pid).effectiveUser();
		if (owner != 0 && owner != user) {
			throw new IOException("Pid " + this.pid + " is of the user " + user + ", " + directory() + " of the user "
					+ owner + ": it is not of this daemon");
		}
	}

	/**
	 * Where Linux hides what a process holds, because it may not be dumped: who has begun
	 * to listen.
	 */
	private void proveByConnection() throws IOException {
		try (PlainUnixConnection connection = connect()) {
			checkUser(connection);
			PeerCredentials peer = connection.peer();
			if (peer.pid() != this.pid) {
				throw new IOException("Pid " + peer.pid() + " listens on " + this.socket + ": pid " + this.pid
						+ " is not of this daemon");
			}
		}
		catch (LinkageError ex) {
			throw new IOException("Linux hides what pid " + this.pid + " holds, and the native code of jnr-ffi can't be"
					+ " loaded to ask otherwise (" + ex.getMessage() + "). Run the command as root, or point"
					+ " -Djava.io.tmpdir to a directory that is writable and not mounted noexec", ex);
		}
	}

	private Path directory() {
		return this.socket.toAbsolutePath().getParent();
	}

}
