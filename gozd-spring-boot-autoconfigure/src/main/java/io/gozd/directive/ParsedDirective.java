package io.gozd.directive;

import java.net.SocketAddress;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

import io.gozd.listener.Directive;
import io.gozd.listener.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * What became of an entry.
 *
 * @param entry the entry, with its faults
 * @param address its address, or null if that is not valid
 * @param mode who may connect to a Unix socket
 * @param backlog how many connections may wait to be accepted
 * @param directive the directive, or null if the entry has any fault
 */
record ParsedDirective(DirectiveEntry entry, @Nullable SocketAddress address, Set<PosixFilePermission> mode,
		int backlog, @Nullable Directive directive) {

	/**
	 * The directive as far as its address goes, whatever else is wrong with it.
	 * @return it, or null if it has no valid address
	 */
	@Nullable Directive bare() {
		return (this.address != null)
				? new Directive(this.entry.id(), this.address, Protocol.TCP, this.mode, this.backlog, 1, null, null)
				: null;
	}

}
