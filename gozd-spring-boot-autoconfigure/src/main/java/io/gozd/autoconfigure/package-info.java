/**
 * The starter as Spring Boot sees it: properties, listeners and beans.
 */
@NullMarked
package io.gozd.autoconfigure;

import org.jspecify.annotations.NullMarked;
