/**
 * One frame that Undertow has no graceful form of.
 */
@NullMarked
package io.undertow.protocols.http2;

import org.jspecify.annotations.NullMarked;
