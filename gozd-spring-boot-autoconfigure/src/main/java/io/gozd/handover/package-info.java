/**
 * The handover between two generations: the messages they exchange, and the two roles as
 * state machines that have no threads, clocks or sockets of their own.
 */
@NullMarked
package io.gozd.handover;

import org.jspecify.annotations.NullMarked;
