package io.gozd.daemon;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.gozd.handover.Message;
import io.gozd.listener.AddressText;
import io.gozd.listener.InheritedListener;
import io.gozd.listener.Listener;
import io.gozd.listener.ListenerKey;
import io.gozd.listener.SocketFile;
import org.jspecify.annotations.Nullable;

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
		return Message.of(Message.TABLE)
			.with("outputs", OUTPUTS)
			.withList("listeners", listeners.stream().map((listener) -> listener.key().value()).toList())
			.withList("address", listeners.stream().map((listener) -> AddressText.format(listener.address())).toList())
			.withList("name", listeners.stream().map((listener) -> AddressText.format(listener.name())).toList())
			.withList("inode", listeners.stream().map(Heritage::inode).toList())
			.withList("id", listeners.stream().map((listener) -> text(listener.id())).toList())
			.withList("supervised",
					listeners.stream().map((listener) -> Boolean.toString(listener.supervised())).toList())
			.withList("backlog", listeners.stream().map((listener) -> Integer.toString(listener.backlog())).toList());
	}

	private static String text(@Nullable String id) {
		return (id != null) ? id : "";
	}

	private static String inode(Listener listener) {
		SocketFile file = listener.file();
		return (file != null) ? file.inode() : "";
	}

	/** How many descriptors a table announces. */
	static int descriptors(Message table) throws IOException {
		return table.number("outputs") + table.number("listeners");
	}

	static Heritage of(Message table, List<Integer> descriptors) throws IOException {
		int outputs = table.number("outputs");
		List<InheritedListener> listeners = new ArrayList<>();
		for (int i = 0; i < table.number("listeners"); i++) {
			listeners.add(listener(table, i, descriptors.get(outputs + i)));
		}
		return new Heritage(listeners, List.copyOf(descriptors.subList(0, outputs)));
	}

	private static InheritedListener listener(Message table, int index, int descriptor) throws IOException {
		String key = table.field("listeners." + index);
		String address = table.field("address." + index);
		String name = table.field("name." + index);
		String inode = table.field("inode." + index);
		if (key == null || address == null || name == null || inode == null) {
			throw new IOException("The table of listeners has no entry " + index);
		}
		SocketFile file = inode.isEmpty() ? null : new SocketFile(Path.of(parse(address).toString()), inode);
		return new InheritedListener(new ListenerKey(key), parse(address), parse(name), file,
				table.number("backlog." + index), descriptor, id(table.field("id." + index)),
				Boolean.parseBoolean(table.field("supervised." + index)));
	}

	private static @Nullable String id(@Nullable String text) {
		return (text != null && !text.isEmpty()) ? text : null;
	}

	private static SocketAddress parse(String address) throws IOException {
		try {
			return AddressText.parse(address);
		}
		catch (IllegalArgumentException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

}
