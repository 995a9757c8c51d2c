package io.gozd.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.gozd.handover.Message;
import org.jspecify.annotations.Nullable;

/**
 * A listener of a generation.
 *
 * @param address where it listens
 * @param open how many of its connections are open
 * @param accepted how many this generation has accepted, or null if it does not know
 */
record ListenerStatus(String address, long open, @Nullable Long accepted) {

	static List<ListenerStatus> of(Message status) throws IOException {
		if (status.field("listeners") == null) {
			return List.of();
		}
		List<ListenerStatus> listeners = new ArrayList<>();
		for (String address : status.list("listeners")) {
			int index = listeners.size();
			String accepted = status.field("accepted." + index);
			listeners.add(new ListenerStatus(address, status.number("open." + index),
					(accepted == null || accepted.isEmpty()) ? null : number(accepted)));
		}
		return listeners;
	}

	private static long number(String text) throws IOException {
		try {
			return Long.parseLong(text);
		}
		catch (NumberFormatException ex) {
			throw new IOException("STATUS has no number of accepted connections: '" + text + "'", ex);
		}
	}

	Json json() {
		Json json = new Json().with("address", this.address).with("open", this.open);
		return (this.accepted != null) ? json.with("accepted", this.accepted) : json.with("accepted", (String) null);
	}

	String text() {
		return "  " + this.address + ": " + this.open + " open"
				+ ((this.accepted != null) ? ", " + this.accepted + " accepted" : "");
	}

}
