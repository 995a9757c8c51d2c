package io.gozd.daemon;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.gozd.handover.Message;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;

/**
 * What an incumbent passes to its successor: its listeners, and where its output goes.
 *
 * @param listeners the listeners
 * @param output the descriptors of the incumbent's stdout and stderr; empty if there is
 * no incumbent
 */
record Heritage(List<InheritedListener> listeners, List<Integer> output) {

	static final Heritage NONE = new Heritage(List.of(), List.of());

	private static final int OUTPUTS = 2;

	/** The message that announces the descriptors: the outputs come first. */
	static Message table(List<Listener> listeners) {
		Message table = Message.of(Message.TABLE).with("outputs", OUTPUTS).with("listeners", listeners.size());
		for (int i = 0; i < listeners.size(); i++) {
			table = table.with("key." + i, listeners.get(i).key())
				.with("address." + i, InheritedListener.format(listeners.get(i).address()));
		}
		return table;
	}

	/** How many descriptors a table announces. */
	static int descriptors(Message table) throws IOException {
		return table.number("outputs") + table.number("listeners");
	}

	static Heritage of(Message table, List<Integer> descriptors) throws IOException {
		int outputs = table.number("outputs");
		List<InheritedListener> listeners = new ArrayList<>();
		for (int i = 0; i < table.number("listeners"); i++) {
			String key = table.field("key." + i);
			String address = table.field("address." + i);
			if (key == null || address == null) {
				throw new IOException("The table of listeners has no entry " + i);
			}
			listeners.add(new InheritedListener(new ListenerKey(key), parse(address), descriptors.get(outputs + i)));
		}
		return new Heritage(listeners, List.copyOf(descriptors.subList(0, outputs)));
	}

	private static SocketAddress parse(String address) throws IOException {
		try {
			return InheritedListener.parse(address);
		}
		catch (IllegalArgumentException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

}
