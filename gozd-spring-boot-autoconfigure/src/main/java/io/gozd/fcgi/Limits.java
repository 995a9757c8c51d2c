package io.gozd.fcgi;

/**
 * How much a web server may send.
 *
 * @param maxParamsSize bytes of the parameters of one request
 * @param maxParams number of the parameters of one request
 * @param maxIgnoredSize bytes between two requests that nobody reads
 * @param maxConnections number of connections, which is told to those who ask
 */
public record Limits(int maxParamsSize, int maxParams, long maxIgnoredSize, int maxConnections) {
}
