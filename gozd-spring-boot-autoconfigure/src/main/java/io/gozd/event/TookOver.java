package io.gozd.event;

/**
 * This generation has the daemon: it accepts, and nobody comes back to take it.
 *
 * @param generation its number
 */
public record TookOver(int generation) {

}
