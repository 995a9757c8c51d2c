package io.gozd.undertow;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.gozd.listener.Directive;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.ListenerTable;
import org.jspecify.annotations.Nullable;

/**
 * Finds the listeners of an Undertow, which names them by their addresses, one after the
 * other, from the first each time when it starts.
 */
final class DirectiveClaims implements ListenerSource.Claim {

	private final String id;

	private final WebDirectives web;

	private final ListenerTable listeners;

	private List<Directive> left = List.of();

	/**
	 * Create them.
	 * @param id the name of the first listener, where that is implied
	 */
	DirectiveClaims(String id, WebDirectives web, ListenerTable listeners) {
		this.id = id;
		this.web = web;
		this.listeners = listeners;
	}

	@Override
	public synchronized Listener claim(int index, InetSocketAddress address, int backlog, ListenerTable.Binder binder)
			throws IOException {
		if (index == 0) {
			this.left = new ArrayList<>(this.web.others());
		}
		Directive directive = (index == 0) ? this.web.first() : next(address);
		if (directive != null) {
			return this.web.directives().take(directive.id());
		}
		String name = (index == 0) ? this.id : this.id + "-" + index;
		return this.listeners.claim(ListenerKey.of(name, address), name, address, backlog, binder);
	}

	private @Nullable Directive next(InetSocketAddress address) {
		for (Directive directive : this.left) {
			if (directive.address().equals(address)) {
				this.left.remove(directive);
				return directive;
			}
		}
		return null;
	}

}
