package benchmarks;

/**
 * What a load has seen of a daemon.
 *
 * @param perSecond answers in a second
 * @param p99Millis the time within which 99 of 100 requests were answered
 */
record Rate(double perSecond, double p99Millis) {
}
