/**
 * The small process that keeps the first pid of a daemon: run by a JVM of its own, which
 * has these classes and no others.
 */
@NullMarked
package io.gozd.resident;

import org.jspecify.annotations.NullMarked;
