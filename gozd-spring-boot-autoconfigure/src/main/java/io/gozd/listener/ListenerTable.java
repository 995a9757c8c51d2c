package io.gozd.listener;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import io.gozd.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of this process: what is wanted is taken from what was inherited, or
 * bound anew. Nothing that an incumbent would notice is done before {@link #listen()}.
 * Thread safe.
 */
public final class ListenerTable {

	private final Supplier<Posix> posix;

	private final Supplier<List<InheritedListener>> inheritance;

	private final Map<ListenerKey, Listener> claimed = new LinkedHashMap<>();

	private final Map<ListenerKey, SocketAddress> addresses = new LinkedHashMap<>();

	/** The files of Unix sockets, and which of them this process has made. */
	private final Map<ListenerKey, SocketFile> files = new LinkedHashMap<>();

	private final Set<ListenerKey> made = new LinkedHashSet<>();

	private final Map<ListenerKey, Set<PosixFilePermission>> modes = new LinkedHashMap<>();

	private final List<Task> whenOpening = new ArrayList<>();

	private final List<Listener> otherBacklog = new ArrayList<>();

	private @Nullable Map<ListenerKey, InheritedListener> unclaimed;

	/**
	 * Create the table of a process.
	 * @param posix the operating system, asked for only where something is adopted
	 * @param inheritance what the incumbent passed on; waited for when the first listener
	 * is claimed, and asked only once
	 */
	public ListenerTable(Supplier<Posix> posix, Supplier<List<InheritedListener>> inheritance) {
		this.posix = posix;
		this.inheritance = inheritance;
	}

	/**
	 * Take over the listener of a directive, or bind a new one.
	 * @param directive what is wanted
	 * @return the listener, owned by the caller
	 * @throws IOException if it can be neither adopted nor bound
	 */
	public Listener claim(Directive directive) throws IOException {
		if (directive.address() instanceof InetSocketAddress address) {
			return claim(directive.key(), address, directive.backlog(), () -> open(address, directive.backlog()));
		}
		return claimUnix(directive, (UnixDomainSocketAddress) directive.address());
	}

	private static ServerSocketChannel open(InetSocketAddress address, int backlog) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			return channel.bind(address, backlog);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Take over an inherited listener of TCP, or bind a new one.
	 * @param key what it is known by
	 * @param address where it listens
	 * @param backlog how many connections may wait to be accepted
	 * @param binder binds a channel, called only where none was inherited
	 * @return the listener, owned by the caller
	 * @throws IOException if it can be neither adopted nor bound
	 */
	public synchronized Listener claim(ListenerKey key, InetSocketAddress address, int backlog, Binder binder)
			throws IOException {
		Listener listener = inherited(key, backlog);
		if (listener == null) {
			listener = bind(key, address, backlog, binder);
		}
		this.claimed.put(key, listener);
		this.addresses.put(key, listener.address());
		return listener;
	}

	private synchronized Listener claimUnix(Directive directive, UnixDomainSocketAddress address) throws IOException {
		ListenerKey key = directive.key();
		Listener listener = inherited(key, directive.backlog());
		boolean isAbstract = address.toString().startsWith("@");
		if (listener == null) {
			listener = isAbstract ? listenAbstract(key, address, directive.backlog())
					: UnixListeners.bind(key, address, directive.mode(), directive.backlog());
			this.made.add(key);
		}
		else if (!isAbstract) {
			this.modes.put(key, directive.mode());
		}
		this.claimed.put(key, listener);
		this.addresses.put(key, listener.address());
		if (listener.file() != null) {
			this.files.put(key, listener.file());
		}
		return listener;
	}

	private Listener listenAbstract(ListenerKey key, UnixDomainSocketAddress address, int backlog) throws IOException {
		Posix posix = this.posix.get();
		ServerSocketChannel channel = posix.adopt(posix.listenAbstract(address.toString().substring(1), backlog));
		return new Listener(key, channel, address, address, null, backlog);
	}

	private @Nullable Listener inherited(ListenerKey key, int backlog) throws IOException {
		InheritedListener inherited = unclaimed().remove(key);
		if (inherited == null) {
			return null;
		}
		Listener listener = new Listener(key, this.posix.get().adopt(inherited.descriptor()), inherited.address(),
				inherited.name(), inherited.file(), backlog);
		if (backlog != inherited.backlog()) {
			this.otherBacklog.add(listener);
		}
		return listener;
	}

	private Listener bind(ListenerKey key, InetSocketAddress address, int backlog, Binder binder) throws IOException {
		List<Integer> neighbours = neighbours(address);
		if (!neighbours.isEmpty()) {
			return bindBeside(key, address, backlog, neighbours);
		}
		ServerSocketChannel channel = binder.bind();
		channel.configureBlocking(false);
		SocketAddress local = channel.getLocalAddress();
		return new Listener(key, channel, local, local, null, backlog);
	}

	/**
	 * Where the addresses overlap, the kernel gives connections to the listener with the
	 * closer address: it must not listen before the gates open.
	 */
	private Listener bindBeside(ListenerKey key, InetSocketAddress address, int backlog, List<Integer> neighbours)
			throws IOException {
		Posix posix = this.posix.get();
		int descriptor = posix.reserve(address, neighbours);
		try {
			ServerSocketChannel channel = posix.adopt(posix.duplicate(descriptor));
			this.whenOpening.add(() -> {
				try {
					if (channel.isOpen()) {
						posix.listen(descriptor, backlog, neighbours);
					}
				}
				finally {
					posix.close(descriptor);
				}
			});
			return new Listener(key, channel, address, address, null, backlog);
		}
		catch (IOException ex) {
			posix.close(descriptor);
			throw ex;
		}
	}

	private List<Integer> neighbours(InetSocketAddress address) {
		return unclaimed().values()
			.stream()
			.filter((other) -> other.address() instanceof InetSocketAddress inet && overlap(inet, address))
			.map(InheritedListener::descriptor)
			.toList();
	}

	/**
	 * Return whether two addresses can't both be listened on by themselves.
	 * @param one an address
	 * @param other another
	 * @return whether their ports are the same, and one of their hosts is every host
	 */
	public static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
		return one.getPort() == other.getPort() && one.getPort() != 0 && (one.getAddress().isAnyLocalAddress()
				|| other.getAddress().isAnyLocalAddress() || one.getAddress().equals(other.getAddress()));
	}

	/**
	 * Listen wherever that was put off, just before the gates open.
	 * @throws IOException if somebody else has an address by now
	 */
	public synchronized void listen() throws IOException {
		for (Task task : this.whenOpening) {
			task.run();
		}
		this.whenOpening.clear();
		changeBacklogs();
	}

	private void changeBacklogs() throws IOException {
		this.otherBacklog.removeIf((listener) -> !listener.channel().isOpen());
		if (!this.otherBacklog.isEmpty()) {
			Map<SocketAddress, Integer> descriptors = this.posix.get()
				.listeningDescriptors(this.otherBacklog.stream().map(Listener::name).toList());
			for (Listener listener : this.otherBacklog) {
				this.posix.get().listen(descriptors.get(listener.name()), listener.backlog(), List.of());
			}
			this.otherBacklog.clear();
		}
	}

	/**
	 * Return the files of Unix sockets that this process has made.
	 * @return those that are gone if this process does not serve after all
	 */
	public synchronized List<SocketFile> made() {
		return this.made.stream().map(this.files::get).filter(Objects::nonNull).toList();
	}

	/**
	 * Return the listeners that are open.
	 * @return a copy
	 */
	public synchronized List<Listener> open() {
		this.claimed.values().removeIf((listener) -> !listener.channel().isOpen());
		return new ArrayList<>(this.claimed.values());
	}

	/**
	 * Return where the listeners of this process listen, or did before they were closed.
	 * @return a copy
	 */
	public synchronized Map<ListenerKey, SocketAddress> addresses() {
		return new LinkedHashMap<>(this.addresses);
	}

	/**
	 * Settle the heritage, when the daemon is this process's own: close what nobody wants
	 * any more and remove its files, and give files that are kept the mode that is
	 * configured.
	 * @throws IOException if a file can't be removed or changed; the rest is done
	 */
	public synchronized void settle() throws IOException {
		List<Task> tasks = new ArrayList<>();
		for (InheritedListener inherited : unclaimed().values()) {
			this.posix.get().close(inherited.descriptor());
			SocketFile file = inherited.file();
			if (file != null) {
				tasks.add(file::remove);
			}
		}
		unclaimed().clear();
		this.modes.forEach((key, mode) -> {
			SocketFile file = this.files.get(key);
			if (file != null) {
				tasks.add(() -> file.permit(mode));
			}
		});
		this.modes.clear();
		runAll(tasks);
	}

	/**
	 * Remove the files of sockets that this process has bound: it won't serve them.
	 * @throws IOException if a file can't be removed; the others are
	 */
	public synchronized void abandon() throws IOException {
		remove(this.made);
	}

	/**
	 * Remove the files of all sockets: the daemon ends with this process.
	 * @throws IOException if a file can't be removed; the others are
	 */
	public synchronized void removeFiles() throws IOException {
		remove(this.files.keySet());
	}

	private void remove(Set<ListenerKey> keys) throws IOException {
		List<Task> tasks = new ArrayList<>();
		for (ListenerKey key : keys) {
			SocketFile file = this.files.get(key);
			if (file != null) {
				tasks.add(file::remove);
			}
		}
		runAll(tasks);
	}

	private static void runAll(List<Task> tasks) throws IOException {
		IOException failure = null;
		for (Task task : tasks) {
			try {
				task.run();
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			throw failure;
		}
	}

	private Map<ListenerKey, InheritedListener> unclaimed() {
		Map<ListenerKey, InheritedListener> unclaimed = this.unclaimed;
		if (unclaimed == null) {
			unclaimed = new LinkedHashMap<>();
			for (InheritedListener listener : this.inheritance.get()) {
				unclaimed.put(listener.key(), listener);
			}
			this.unclaimed = unclaimed;
		}
		return unclaimed;
	}

	/** Binds the listener that was not inherited. */
	@FunctionalInterface
	public interface Binder {

		/**
		 * Open and bind a channel.
		 * @return the channel, listening
		 * @throws IOException if the address is in use or not this machine's
		 */
		ServerSocketChannel bind() throws IOException;

	}

	@FunctionalInterface
	private interface Task {

		void run() throws IOException;

	}

}
