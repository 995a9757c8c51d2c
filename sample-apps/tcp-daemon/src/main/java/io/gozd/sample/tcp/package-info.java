/**
 * A daemon that writes its pid to whoever connects.
 */
@NullMarked
package io.gozd.sample.tcp;

import org.jspecify.annotations.NullMarked;
