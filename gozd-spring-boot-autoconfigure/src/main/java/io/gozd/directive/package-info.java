/**
 * Directives as they are configured: read from the environment, checked all at once, and
 * opened.
 */
@NullMarked
package io.gozd.directive;

import org.jspecify.annotations.NullMarked;
