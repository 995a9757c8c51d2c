/**
 * Replaces the sample daemon under load and tells what the clients saw.
 */
package tryswap;
