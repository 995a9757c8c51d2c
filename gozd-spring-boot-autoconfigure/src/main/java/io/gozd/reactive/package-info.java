/**
 * What a drain needs of a reactive application: event streams that end between two
 * events.
 */
@NullMarked
package io.gozd.reactive;

import org.jspecify.annotations.NullMarked;
