/**
 * This process as a generation of a daemon: its command line and files, its signals and
 * control socket, and the two roles of a handover put to work.
 */
@NullMarked
package io.gozd.daemon;

import org.jspecify.annotations.NullMarked;
