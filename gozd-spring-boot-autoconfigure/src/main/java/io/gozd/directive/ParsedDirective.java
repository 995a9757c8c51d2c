package io.gozd.directive;

import java.net.SocketAddress;

import io.gozd.listener.Directive;
import org.jspecify.annotations.Nullable;

/**
 * What became of an entry.
 *
 * @param entry the entry, with its faults
 * @param address its address, or null if that is not valid
 * @param directive the directive, or null if the entry has any fault
 */
record ParsedDirective(DirectiveEntry entry, @Nullable SocketAddress address, @Nullable Directive directive) {
}
