package io.gozd.listener;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The directives of this process, and their listeners: opened together before anybody
 * serves one, so that all that is wrong is known at once. Thread safe.
 */
public final class Directives {

	private final Map<String, Directive> directives = new LinkedHashMap<>();

	private final ListenerTable listeners;

	private final Map<String, Listener> opened = new LinkedHashMap<>();

	private final Set<String> served = new LinkedHashSet<>();

	/**
	 * Create the directives of a process.
	 * @param directives what is configured, in order
	 * @param listeners where listeners come from
	 */
	public Directives(Collection<Directive> directives, ListenerTable listeners) {
		directives.forEach((directive) -> this.directives.put(directive.id(), directive));
		this.listeners = listeners;
	}

	/**
	 * Open the listener of every directive.
	 * @return what went wrong, by the id of the directive
	 */
	public synchronized Map<String, IOException> open() {
		Map<String, IOException> failures = new LinkedHashMap<>();
		for (Directive directive : this.directives.values()) {
			try {
				this.opened.put(directive.id(), this.listeners.claim(directive));
			}
			catch (IOException ex) {
				failures.put(directive.id(), ex);
			}
		}
		return failures;
	}

	/**
	 * Return all directives.
	 * @return them, in the order of the configuration
	 */
	public Collection<Directive> all() {
		return Collections.unmodifiableCollection(this.directives.values());
	}

	/**
	 * Return a directive.
	 * @param id its id
	 * @return it, or null if there is none
	 */
	public @Nullable Directive get(String id) {
		return this.directives.get(id);
	}

	/**
	 * Take the listener of a directive, to serve it. One that was closed is opened again.
	 * @param id the id of the directive
	 * @return the listener, owned by the caller
	 * @throws IOException if it can't be opened again
	 * @throws IllegalArgumentException if there is no such directive
	 * @throws IllegalStateException if it is served already
	 */
	public synchronized Listener take(String id) throws IOException {
		Directive directive = this.directives.get(id);
		if (directive == null) {
			throw new IllegalArgumentException("There is no directive gozd.directives." + id);
		}
		Listener listener = this.opened.get(id);
		if (listener == null || !listener.channel().isOpen()) {
			listener = this.listeners.claim(directive);
			this.opened.put(id, listener);
		}
		else if (this.served.contains(id)) {
			throw new IllegalStateException("The directive gozd.directives." + id + " is served already");
		}
		this.served.add(id);
		return listener;
	}

	/**
	 * Return the directives that nobody serves.
	 * @return their ids
	 */
	public synchronized Set<String> unserved() {
		Set<String> unserved = new LinkedHashSet<>(this.directives.keySet());
		unserved.removeAll(this.served);
		return unserved;
	}

	/** Close what was opened and nobody has taken. */
	public synchronized void closeUnserved() {
		for (String id : unserved()) {
			Listener listener = this.opened.get(id);
			if (listener != null) {
				close(listener);
			}
		}
	}

	private static void close(Listener listener) {
		try {
			listener.channel().close();
		}
		catch (IOException ex) {
			// It is not served: nobody misses it.
		}
	}

}
