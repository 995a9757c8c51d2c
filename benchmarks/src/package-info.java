/**
 * What the starter costs and what a swap takes, each measured side by side.
 */
package benchmarks;
