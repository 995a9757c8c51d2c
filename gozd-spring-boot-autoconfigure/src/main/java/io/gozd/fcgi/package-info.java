/**
 * The records of FastCGI 1.0 as a responder reads and writes them, without a connection.
 */
@NullMarked
package io.gozd.fcgi;

import org.jspecify.annotations.NullMarked;
