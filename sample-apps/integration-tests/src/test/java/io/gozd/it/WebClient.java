package io.gozd.it;

import java.io.IOException;

/**
 * Who asks a daemon through something else.
 */
interface WebClient {

	/**
	 * Sends a request and waits until the headers of the answer have come.
	 */
	WebAnswer ask(WebRequest request) throws IOException;

	/**
	 * The name and, where it is not the default one, the port that the client asks for.
	 */
	String host();

	/**
	 * What the web server has written, for the report of a failed test.
	 */
	String output();

}
