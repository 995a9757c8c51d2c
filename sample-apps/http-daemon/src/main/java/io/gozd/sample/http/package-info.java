/**
 * A small web application that says which process answers.
 */
@NullMarked
package io.gozd.sample.http;

import org.jspecify.annotations.NullMarked;
