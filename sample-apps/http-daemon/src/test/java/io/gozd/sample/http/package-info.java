/**
 * The application in tests, where the starter stands aside.
 */
@NullMarked
package io.gozd.sample.http;

import org.jspecify.annotations.NullMarked;
