/**
 * What a drain needs of any servlet container: event streams that end between two events.
 */
@NullMarked
package io.gozd.servlet;

import org.jspecify.annotations.NullMarked;
