/**
 * What an application can listen to: each step in the life of a generation, published as
 * an event of Spring.
 */
@NullMarked
package io.gozd.event;

import org.jspecify.annotations.NullMarked;
