/**
 * A daemon that is driven by arguments and a configuration file of its own.
 */
@NullMarked
package io.gozd.sample.args;

import org.jspecify.annotations.NullMarked;
