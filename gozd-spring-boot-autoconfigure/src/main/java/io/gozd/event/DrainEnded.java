package io.gozd.event;

import io.gozd.drain.DrainReport;

/**
 * The last connection of this generation is closed; its context is closed next.
 *
 * @param report how it went
 */
public record DrainEnded(DrainReport report) {

}
