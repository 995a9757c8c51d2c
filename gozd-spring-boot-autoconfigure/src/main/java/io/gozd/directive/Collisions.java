package io.gozd.directive;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.gozd.listener.ListenerTable;
import org.jspecify.annotations.Nullable;

/**
 * Finds directives that can't listen side by side. The fault is that of the later one.
 */
final class Collisions {

	private final List<Place> places = new ArrayList<>();

	/**
	 * Note the faults of the directives among themselves.
	 * @param directives all directives, in order
	 */
	void find(List<ParsedDirective> directives) {
		for (ParsedDirective directive : directives) {
			if (directive.address() != null) {
				Place place = new Place(directive.entry(), directive.address());
				check(place);
				this.places.add(place);
			}
		}
	}

	private void check(Place later) {
		for (Place earlier : this.places) {
			String what = clash(earlier.address, later.address);
			if (what != null) {
				later.entry.fault(DirectiveProperty.ADDRESS,
						what + " " + earlier.entry.name() + ".address=" + earlier.entry.text(DirectiveProperty.ADDRESS),
						"Give one of them another address, or remove it");
				return;
			}
		}
	}

	private static @Nullable String clash(SocketAddress earlier, SocketAddress later) {
		if (earlier instanceof InetSocketAddress one && later instanceof InetSocketAddress other) {
			if (!ListenerTable.overlap(one, other)) {
				return null;
			}
			boolean same = one.getAddress().equals(other.getAddress())
					|| (one.getAddress().isAnyLocalAddress() && other.getAddress().isAnyLocalAddress());
			return same ? "The address is the same as" : "The address overlaps with";
		}
		return earlier.equals(later) ? "The address is the same as" : null;
	}

	private record Place(DirectiveEntry entry, SocketAddress address) {
	}

}
