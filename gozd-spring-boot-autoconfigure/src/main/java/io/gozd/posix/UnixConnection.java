package io.gozd.posix;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A connected Unix stream socket that carries descriptors beside bytes. One thread may
 * read while another writes; {@link #close()} may be called by any thread and ends both.
 */
public interface UnixConnection extends Closeable {

	/** The most descriptors that the kernel takes in one message (SCM_MAX_FD). */
	int MAX_DESCRIPTORS = 253;

	/**
	 * Say who is at the other end, as the kernel noted it when the connection was made.
	 * @return the peer
	 * @throws IOException if the kernel does not tell
	 */
	PeerCredentials peer() throws IOException;

	/**
	 * Write all bytes, with descriptors attached to the first of them.
	 * @param bytes what to send, at least one byte
	 * @param descriptors at most {@link #MAX_DESCRIPTORS}; stay open here
	 * @throws IOException if the peer is gone, or does not read for some seconds
	 */
	void send(ByteBuffer bytes, List<Integer> descriptors) throws IOException;

	/**
	 * Read what is there, waiting for the first byte.
	 * @param into where the bytes go
	 * @param descriptors gets what came along, close-on-exec, owned by the caller
	 * @return the number of bytes, or -1 at the end of the stream
	 * @throws IOException if nothing comes for the time-out, or descriptors were lost on
	 * the way (MSG_CTRUNC)
	 */
	int receive(ByteBuffer into, List<Integer> descriptors) throws IOException;

	/**
	 * Bound every later wait for the peer to say something. A wait for the peer to listen
	 * is always bounded.
	 * @param milliseconds how long one read may wait; 0 for ever
	 * @throws IOException if the connection is closed
	 */
	void readTimeout(int milliseconds) throws IOException;

	@Override
	void close();

}
