package io.gozd.listener;

import java.io.IOException;
import java.net.BindException;
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

	/**
	 * By their own keys: a service manager's socket need not be at the directive's
	 * address.
	 */
	private final Map<ListenerKey, Listener> claimed = new LinkedHashMap<>();

	private final Map<ListenerKey, SocketAddress> addresses = new LinkedHashMap<>();

	/** The files of Unix sockets, and which of them this process has made. */
	private final Map<ListenerKey, SocketFile> files = new LinkedHashMap<>();

	private final Set<ListenerKey> made = new LinkedHashSet<>();

	private final Map<ListenerKey, Set<PosixFilePermission>> modes = new LinkedHashMap<>();

	private final List<Task> whenOpening = new ArrayList<>();

	private final List<Listener> otherBacklog = new ArrayList<>();

	private boolean gated = true;

	/** What is bound before it is claimed. */
	private final Map<ListenerKey, Listener> prepared = new LinkedHashMap<>();

	private @Nullable FileOwner owner;

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
	 * Let everything that is bound from now on listen at once: there is no incumbent
	 * whose connections it could take.
	 */
	public synchronized void listenAtOnce() {
		this.gated = false;
	}

	/**
	 * Give the files of Unix sockets that are bound from now on to another user, before
	 * anybody can connect.
	 * @param owner the user that this process is about to become
	 */
	public synchronized void prepareFor(FileOwner owner) {
		this.owner = owner;
	}

	/**
	 * Bind what will be claimed later, when this process may not bind it any more.
	 * @param directive what will be wanted
	 * @throws IOException if it can be neither adopted nor bound
	 */
	public synchronized void prepare(Directive directive) throws IOException {
		this.prepared.put(directive.key(), claim(directive));
	}

	/**
	 * Close what was prepared and nobody has claimed.
	 * @return what that was
	 */
	public synchronized List<Listener> closePrepared() {
		List<Listener> closed = List.copyOf(this.prepared.values());
		this.prepared.clear();
		for (Listener listener : closed) {
			try {
				this.addresses.remove(listener.key());
				listener.channel().close();
				SocketFile file = this.files.remove(listener.key());
				this.made.remove(listener.key());
				if (file != null) {
					file.remove();
				}
			}
			catch (IOException ex) {
				// Nobody knows of it.
			}
		}
		return closed;
	}

	/**
	 * Take over the listener of a directive, or bind a new one.
	 * @param directive what is wanted
	 * @return the listener, owned by the caller
	 * @throws IOException if it can be neither adopted nor bound
	 */
	public Listener claim(Directive directive) throws IOException {
		if (directive.address() instanceof InetSocketAddress address) {
			return claim(directive.key(), directive.id(), address, directive.backlog(),
					() -> open(address, directive.backlog()));
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
	 * @param id the name of the directive
	 * @param address where it listens
	 * @param backlog how many connections may wait to be accepted
	 * @param binder binds a channel, called only where none was inherited
	 * @return the listener, owned by the caller
	 * @throws IOException if it can be neither adopted nor bound
	 */
	public synchronized Listener claim(ListenerKey key, String id, InetSocketAddress address, int backlog,
			Binder binder) throws IOException {
		Listener prepared = this.prepared.remove(key);
		if (prepared != null) {
			return prepared;
		}
		Listener listener = inherited(key, id, backlog);
		if (listener == null) {
			listener = bind(key, address, backlog, binder);
		}
		this.claimed.put(listener.key(), listener);
		this.addresses.put(listener.key(), listener.address());
		return listener;
	}

	private synchronized Listener claimUnix(Directive directive, UnixDomainSocketAddress address) throws IOException {
		ListenerKey key = directive.key();
		Listener prepared = this.prepared.remove(key);
		if (prepared != null) {
			return prepared;
		}
		Listener listener = inherited(key, directive.id(), directive.backlog());
		boolean isAbstract = address.toString().startsWith("@");
		if (listener == null) {
			listener = isAbstract ? listenAbstract(key, address, directive.backlog())
					: UnixListeners.bind(key, address, directive.mode(), directive.backlog(), this.owner);
			this.made.add(key);
		}
		else if (!isAbstract) {
			this.modes.put(key, directive.mode());
		}
		this.claimed.put(listener.key(), listener);
		this.addresses.put(listener.key(), listener.address());
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

	private @Nullable Listener inherited(ListenerKey key, String id, int backlog) throws IOException {
		InheritedListener inherited = take(key, id);
		if (inherited == null) {
			return null;
		}
		Listener listener = adopt(inherited, backlog);
		if (backlog != inherited.backlog()) {
			this.otherBacklog.add(listener);
		}
		return listener;
	}

	/** By its own key: its address need not be the directive's. */
	private Listener adopt(InheritedListener inherited, int backlog) throws IOException {
		return new Listener(inherited.key(), this.posix.get().adopt(inherited.descriptor()), inherited.address(),
				inherited.name(), inherited.file(), backlog, inherited.id(), inherited.supervised());
	}

	/** One that was made for the directive by its name goes before one of its address. */
	private @Nullable InheritedListener take(ListenerKey key, String id) {
		InheritedListener same = unclaimed().get(key);
		if (same != null && id.equals(same.id())) {
			return unclaimed().remove(key);
		}
		for (InheritedListener inherited : unclaimed().values()) {
			if (id.equals(inherited.id())) {
				return unclaimed().remove(inherited.key());
			}
		}
		return unclaimed().remove(key);
	}

	private Listener bind(ListenerKey key, InetSocketAddress address, int backlog, Binder binder) throws IOException {
		List<InheritedListener> neighbours = neighbours(address);
		for (InheritedListener neighbour : neighbours) {
			if (neighbour.supervised()) {
				// It is never closed: who connects there would wait for nobody.
				throw new BindException("The service manager has opened " + neighbour.key()
						+ ", which overlaps and which no directive has");
			}
		}
		if (!neighbours.isEmpty()) {
			Listener listener = bindBeside(key, address, backlog,
					neighbours.stream().map(InheritedListener::descriptor).toList());
			if (!this.gated) {
				listenBeside(listener);
			}
			return listener;
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

	private void listenBeside(Listener listener) throws IOException {
		try {
			listen();
		}
		catch (IOException ex) {
			listener.channel().close();
			throw ex;
		}
	}

	private List<InheritedListener> neighbours(InetSocketAddress address) {
		return unclaimed().values()
			.stream()
			.filter((other) -> other.address() instanceof InetSocketAddress inet && overlap(inet, address))
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
		while (!this.whenOpening.isEmpty()) {
			// Each once, whatever comes of it: it closes a descriptor.
			this.whenOpening.remove(0).run();
		}
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
	 * Return what was inherited and nobody has claimed.
	 * @return it, its descriptors still the table's
	 */
	public synchronized List<InheritedListener> unwanted() {
		return List.copyOf(unclaimed().values());
	}

	/**
	 * Settle the heritage, when the daemon is this process's own: close what nobody wants
	 * any more and remove its files, and give files that are kept the mode that is
	 * configured. What a service manager has opened is kept and passed on, because it
	 * goes on listening: a directive may come back to it.
	 * @throws IOException if a file can't be removed or changed; the rest is done
	 */
	public synchronized void settle() throws IOException {
		List<Task> tasks = new ArrayList<>();
		for (InheritedListener inherited : unclaimed().values()) {
			if (inherited.supervised()) {
				tasks.add(() -> this.claimed.put(inherited.key(), adopt(inherited, inherited.backlog())));
				continue;
			}
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
				InheritedListener other = unclaimed.put(listener.key(), listener);
				if (other != null) {
					// The service manager keeps two of one name, say.
					this.posix.get().close(other.descriptor());
				}
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
