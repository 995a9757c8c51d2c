package io.gozd.handover;

import java.io.IOException;

/**
 * What a {@link Successor} does about what happens. Every method returns soon; a message
 * that can't be sent is told as a lost connection.
 */
public interface SuccessorActions {

	/**
	 * Say PREPARED.
	 */
	void sendPrepared();

	/**
	 * Expect nothing more of the incumbent, and give it nothing: its output is gone too.
	 */
	void goAlone();

	/**
	 * Accept on every listener.
	 * @throws IOException if a listener is not to be had after all; none accepts then
	 */
	void openGates() throws IOException;

	/**
	 * Accept no more: when this returns, no thread is in accept(2).
	 */
	void shutGates();

	/**
	 * Say ACCEPTING.
	 */
	void sendAccepting();

	/**
	 * Say RELOAD.
	 */
	void sendReload();

	/**
	 * Say TERMINATING.
	 */
	void sendTerminating();

	/**
	 * End an incumbent that does not answer any more: two must not accept for good.
	 */
	void endIncumbent();

	/**
	 * Write the pid file and point the control socket to this process.
	 */
	void takeFiles();

	/**
	 * Be the incumbent from now on.
	 * @param reloadPending whether a reload is owed
	 */
	void own(boolean reloadPending);

	/**
	 * End the process: the incumbent serves on.
	 * @param reason for people
	 */
	void end(String reason);

	/**
	 * Start the timer, instead of the one that runs.
	 * @param timer which, so that {@link Successor#timeout(Successor.Timer)} follows
	 */
	void startTimer(Successor.Timer timer);

	/**
	 * Stop the timer, if it runs.
	 */
	void cancelTimer();

}
