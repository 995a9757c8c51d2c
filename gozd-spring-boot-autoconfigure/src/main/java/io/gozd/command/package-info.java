/**
 * What is done about a daemon from outside, by {@code gozd.command}: how each command
 * goes on, what it prints and its exit code.
 */
@NullMarked
package io.gozd.command;

import org.jspecify.annotations.NullMarked;
