/**
 * A daemon that speaks several protocols at once.
 */
@NullMarked
package io.gozd.sample.mixed;

import org.jspecify.annotations.NullMarked;
