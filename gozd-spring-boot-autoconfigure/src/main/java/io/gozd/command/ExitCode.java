package io.gozd.command;

/**
 * What a command tells a script (LSB, "Init Script Actions", for the state of a daemon).
 */
final class ExitCode {

	/** Done, or running. */
	static final int DONE = 0;

	/** Not done: the reason was printed. */
	static final int FAILED = 1;

	/** Not tried: a value is wrong. */
	static final int WRONG_CONFIGURATION = 2;

	/** Of {@code status}: nothing runs. */
	static final int NOT_RUNNING = 3;

	/** Of {@code status}: something is there that does not tell. */
	static final int UNKNOWN = 4;

	private ExitCode() {
	}

}
