package io.gozd.listener;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import io.gozd.posix.Posix;
import org.jspecify.annotations.Nullable;

/**
 * The listeners of this process: what is wanted is taken from what was inherited, or
 * bound anew. Thread safe.
 */
public final class ListenerTable {

	private final Supplier<Posix> posix;

	private final Supplier<List<InheritedListener>> inheritance;

	private final Map<ListenerKey, Listener> claimed = new LinkedHashMap<>();

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
	 * Take over an inherited listener, or bind a new one.
	 * @param key what it is known by
	 * @param binder binds a channel, called only where none was inherited
	 * @return the listener, owned by the caller
	 * @throws IOException if it can be neither adopted nor bound
	 */
	public synchronized Listener claim(ListenerKey key, Binder binder) throws IOException {
		InheritedListener inherited = unclaimed().remove(key);
		Listener listener = (inherited != null)
				? new Listener(key, this.posix.get().adopt(inherited.descriptor()), inherited.address())
				: Listener.bound(key, binder.bind());
		this.claimed.put(key, listener);
		return listener;
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
	 * Close what was inherited and nobody wants any more.
	 */
	public synchronized void closeUnclaimed() {
		for (InheritedListener inherited : unclaimed().values()) {
			this.posix.get().close(inherited.descriptor());
		}
		unclaimed().clear();
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

}
