/**
 * An application that looks at what its web server tells it.
 */
@NullMarked
package io.gozd.sample.fcgidaemon;

import org.jspecify.annotations.NullMarked;
