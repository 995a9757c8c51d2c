package io.gozd.command;

/**
 * How long an answer may take.
 */
final class Timeout {

	private Timeout() {
	}

	/**
	 * Return the smaller of two times, but never 0: that means without end.
	 * @param patience how long the peer may be silent, in milliseconds
	 * @param left how long the command may take still, in milliseconds
	 */
	static int millis(int patience, long left) {
		return (int) Math.max(1, Math.min(patience, left));
	}

}
