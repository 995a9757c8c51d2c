package io.gozd.fcgi;

/**
 * The types of records (FastCGI 1.0, 8), as they are on the wire.
 */
public final class RecordType {

	static final int BEGIN_REQUEST = 1;

	static final int ABORT_REQUEST = 2;

	static final int END_REQUEST = 3;

	static final int PARAMS = 4;

	static final int STDIN = 5;

	/** The stream of the response. */
	public static final int STDOUT = 6;

	/** The stream of what goes to the web server's log. */
	public static final int STDERR = 7;

	static final int DATA = 8;

	static final int GET_VALUES = 9;

	static final int GET_VALUES_RESULT = 10;

	static final int UNKNOWN_TYPE = 11;

	private RecordType() {
	}

	static boolean isKnown(int type) {
		return type >= BEGIN_REQUEST && type <= UNKNOWN_TYPE;
	}

}
