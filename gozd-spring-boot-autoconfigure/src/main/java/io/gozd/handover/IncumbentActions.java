package io.gozd.handover;

import java.io.IOException;

/**
 * What an {@link Incumbent} does about what happens. Every method returns soon.
 */
public interface IncumbentActions {

	/**
	 * Check that a reload can work, and start the successor.
	 * @throws IOException if it can't, with a reason for people
	 */
	void startSuccessor() throws IOException;

	/**
	 * Send the listeners and their descriptors.
	 * @throws IOException if the successor is gone
	 */
	void sendTable() throws IOException;

	/**
	 * Tell the successor to open its gates.
	 * @throws IOException if it is gone
	 */
	void sendCommit() throws IOException;

	/**
	 * Tell the successor that the daemon is its own.
	 * @param reloadPending whether a reload is owed
	 * @throws IOException if it is gone
	 */
	void sendOwner(boolean reloadPending) throws IOException;

	/**
	 * Kill the successor, so that {@link Incumbent#successorEnded(String)} follows.
	 * @param reason what to tell it
	 */
	void killSuccessor(String reason);

	/**
	 * Stop accepting on every listener: when this returns, no thread is in accept(2).
	 */
	void stopAccepting();

	/**
	 * Accept again, end the drain, and take back the files of the daemon.
	 */
	void resumeAccepting();

	/**
	 * Begin to drain, so that {@link Incumbent#drained()} follows some day.
	 */
	void beginDrain();

	/**
	 * Close the listeners: they are the successor's.
	 */
	void release();

	/**
	 * Pass a reload on to the successor.
	 */
	void forwardReload();

	/**
	 * Serve what waits, close the listeners and drain: nobody succeeds.
	 */
	void terminate();

	/**
	 * Close the application and end the process.
	 */
	void exit();

	/**
	 * Say why a reload failed.
	 * @param reason for people
	 */
	void reloadFailed(String reason);

	/**
	 * Say that a wish is not fulfilled.
	 * @param reason for people
	 */
	void ignored(String reason);

	/**
	 * Start the timer, instead of the one that runs.
	 * @param timer which, so that {@link Incumbent#timeout(Incumbent.Timer)} follows
	 */
	void startTimer(Incumbent.Timer timer);

	/**
	 * Stop the timer that runs, if any.
	 */
	void cancelTimer();

}
