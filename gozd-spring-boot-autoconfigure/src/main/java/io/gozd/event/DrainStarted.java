package io.gozd.event;

import io.gozd.drain.DrainCause;

/**
 * This generation accepts no more new work than its open connections bring. The
 * application can put down what the successor is to take up.
 *
 * @param cause why it drains
 */
public record DrainStarted(DrainCause cause) {

}
