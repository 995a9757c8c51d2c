/**
 * What touches types that Spring Boot 4 has moved: the Spring Boot 3.5 side.
 */
@NullMarked
package io.gozd.boot3;

import org.jspecify.annotations.NullMarked;
