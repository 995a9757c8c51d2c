/**
 * A small web application behind TLS.
 */
@NullMarked
package io.gozd.sample.https;

import org.jspecify.annotations.NullMarked;
