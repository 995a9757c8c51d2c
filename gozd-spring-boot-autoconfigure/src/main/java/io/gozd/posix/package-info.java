/**
 * The operating system behind one small interface: descriptors, Unix sockets, signals and
 * what {@code /proc} tells.
 */
@NullMarked
package io.gozd.posix;

import org.jspecify.annotations.NullMarked;
