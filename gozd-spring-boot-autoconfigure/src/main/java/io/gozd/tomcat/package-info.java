/**
 * Tomcat's connectors on listeners that outlive the process, and how they drain.
 */
@NullMarked
package io.gozd.tomcat;

import org.jspecify.annotations.NullMarked;
