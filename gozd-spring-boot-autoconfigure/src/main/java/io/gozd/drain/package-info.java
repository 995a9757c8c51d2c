/**
 * Ending without breaking a connection: what a server promises, and who counts, waits and
 * keeps the deadlines.
 */
@NullMarked
package io.gozd.drain;

import org.jspecify.annotations.NullMarked;
