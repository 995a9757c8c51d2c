package io.gozd.event;

/**
 * The incumbent starts a successor, and serves on.
 *
 * @param generation the number of the successor
 */
public record ReloadStarted(int generation) {

}
