/**
 * Listening sockets: how they are known, how they are bound or adopted, and how
 * connections are accepted from one that several processes share.
 */
@NullMarked
package io.gozd.listener;

import org.jspecify.annotations.NullMarked;
