package io.gozd.drain;

import java.time.Duration;

/**
 * Exchanges that have no end of their own, such as WebSockets: a drain ends them cleanly
 * when their time has come.
 */
public interface LongLived {

	/**
	 * Return what is ended, in the plural, for logs.
	 * @return such as {@code WebSockets}
	 */
	String name();

	/**
	 * Return how long they may go on once a drain has begun.
	 * @return the time
	 */
	Duration patience();

	/**
	 * End them, each as its protocol asks for. Called again until the drain is over.
	 */
	void end();

}
