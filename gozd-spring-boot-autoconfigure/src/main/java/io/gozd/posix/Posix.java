package io.gozd.posix;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/**
 * What the JDK does not offer and a handover needs. Tests replace it; the real one is
 * loaded when it is first needed ({@link NativePosix}), because that costs some hundred
 * milliseconds and several megabytes. Thread safe.
 */
public interface Posix {

	/**
	 * Find the descriptor that listens on an address. The channel it belongs to stays its
	 * owner: the number is valid only while the channel is open.
	 * @param address where it really listens, which an adopted channel does not know
	 * @return the descriptor
	 * @throws IOException if no descriptor of this process listens there
	 */
	int listeningDescriptor(SocketAddress address) throws IOException;

	/**
	 * Make a channel of a listening descriptor that was received from another process.
	 * @param descriptor the descriptor; owned by the channel afterwards, closed if this
	 * fails
	 * @return a channel in non-blocking mode, whose own idea of its address is wrong:
	 * whoever reports an address takes it from the listener
	 * @throws IOException if it is not a listening socket, or descriptors ran out
	 */
	ServerSocketChannel adopt(int descriptor) throws IOException;

	/**
	 * Make the kernel leave new TCP handshakes unanswered, while those that have begun,
	 * and connections that wait to be accepted, go on. The client's kernel sends its SYN
	 * again after a second, and finds the port closed then.
	 * @param address where a socket of this process listens, of TCP
	 * @throws IOException if there is no such socket, or the kernel refuses the filter
	 * @see <a href="https://www.man7.org/linux/man-pages/man7/socket.7.html">socket(7),
	 * SO_ATTACH_FILTER</a>
	 */
	void ignoreNewHandshakes(SocketAddress address) throws IOException;

	/**
	 * Wait for and accept one connection on a Unix socket that listens.
	 * @param channel the Unix socket, readable or soon so
	 * @return the connection, owned by the caller
	 * @throws IOException if nobody is there (any more)
	 */
	UnixConnection accept(ServerSocketChannel channel) throws IOException;

	/**
	 * Connect to a Unix socket.
	 * @param path where it listens, at most 107 bytes
	 * @return the connection, owned by the caller
	 * @throws IOException if nobody listens there
	 */
	UnixConnection connect(Path path) throws IOException;

	/**
	 * Let one descriptor number mean what another means, as dup2(2) does.
	 * @param descriptor the descriptor to copy; stays open
	 * @param target the number to replace
	 * @throws IOException if either is not valid
	 */
	void duplicate(int descriptor, int target) throws IOException;

	/**
	 * Close a descriptor that no Java object owns.
	 * @param descriptor the descriptor
	 */
	void close(int descriptor);

}
