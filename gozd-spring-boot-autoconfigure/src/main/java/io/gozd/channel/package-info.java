/**
 * Listeners that the application serves itself, with Netty say: what it is given and what
 * it promises.
 */
@NullMarked
package io.gozd.channel;

import org.jspecify.annotations.NullMarked;
