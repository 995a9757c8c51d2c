/**
 * Raw TCP: handlers of the application, and the servers that run them, a connection each.
 */
@NullMarked
package io.gozd.tcp;

import org.jspecify.annotations.NullMarked;
