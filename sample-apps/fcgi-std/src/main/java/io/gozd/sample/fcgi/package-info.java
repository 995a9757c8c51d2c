/**
 * An application that is reached through a web server, by FastCGI.
 */
@NullMarked
package io.gozd.sample.fcgi;

import org.jspecify.annotations.NullMarked;
