package io.gozd.fcgi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Where records go that are sent because of what was read, and not because of a response.
 */
@FunctionalInterface
public interface Replies {

	/**
	 * Send a record, between two others.
	 * @param bytes the record, with its header
	 * @throws IOException if it can't be sent
	 */
	void send(ByteBuffer bytes) throws IOException;

}
