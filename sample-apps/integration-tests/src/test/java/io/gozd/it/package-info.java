/**
 * What a client and an operator see of a daemon whose jar is replaced while it serves.
 */
@NullMarked
package io.gozd.it;

import org.jspecify.annotations.NullMarked;
