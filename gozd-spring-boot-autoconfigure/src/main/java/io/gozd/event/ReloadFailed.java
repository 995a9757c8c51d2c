package io.gozd.event;

/**
 * A successor did not come to serve; this generation does.
 *
 * @param reason why, for people
 */
public record ReloadFailed(String reason) {

}
