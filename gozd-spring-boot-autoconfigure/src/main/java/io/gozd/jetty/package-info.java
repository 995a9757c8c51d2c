/**
 * Jetty's connectors on listeners that outlive the process, and how they drain.
 */
@NullMarked
package io.gozd.jetty;

import org.jspecify.annotations.NullMarked;
