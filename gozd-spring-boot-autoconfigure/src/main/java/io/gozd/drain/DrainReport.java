package io.gozd.drain;

import java.time.Duration;

/**
 * How a drain ended.
 *
 * @param took how long it took
 * @param cut how many connections were closed because the time was over, or -1 if the
 * drain failed and nobody knows
 */
public record DrainReport(Duration took, int cut) {

}
