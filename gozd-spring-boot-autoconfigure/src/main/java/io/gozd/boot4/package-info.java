/**
 * What touches types that Spring Boot 4 has moved: the Spring Boot 4 side.
 */
@NullMarked
package io.gozd.boot4;

import org.jspecify.annotations.NullMarked;
