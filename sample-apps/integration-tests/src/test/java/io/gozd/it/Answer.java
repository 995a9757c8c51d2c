package io.gozd.it;

/**
 * What a daemon says of itself, whatever the protocol.
 */
interface Answer {

	/**
	 * The process that answered.
	 */
	long pid();

	/**
	 * Its generation.
	 */
	int generation();

}
