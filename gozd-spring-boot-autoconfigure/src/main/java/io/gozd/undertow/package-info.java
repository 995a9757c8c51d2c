/**
 * Undertow's listeners on sockets that outlive the process, and how they drain.
 */
@NullMarked
package io.gozd.undertow;

import org.jspecify.annotations.NullMarked;
