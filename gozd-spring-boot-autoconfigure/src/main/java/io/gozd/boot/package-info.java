/**
 * What both lines of Spring Boot share: no type that has moved.
 */
@NullMarked
package io.gozd.boot;

import org.jspecify.annotations.NullMarked;
