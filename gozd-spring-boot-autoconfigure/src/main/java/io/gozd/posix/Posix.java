package io.gozd.posix;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What the JDK does not offer and a handover needs. Tests replace it; the real one is
 * loaded when it is first needed ({@link NativePosix}), because that costs some hundred
 * milliseconds and several megabytes. Thread safe.
 */
public interface Posix {

	/**
	 * Find the descriptors that listen on addresses. The channels they belong to stay
	 * their owners: the numbers are valid only while the channels are open.
	 * @param names where they listen, as the kernel knows it
	 * @return a descriptor for each name
	 * @throws IOException if no descriptor of this process listens on one of them
	 */
	Map<SocketAddress, Integer> listeningDescriptors(Collection<SocketAddress> names) throws IOException;

	/**
	 * Make a channel of a bound descriptor that another process or {@link #reserve} has
	 * made.
	 * @param descriptor the descriptor; owned by the channel afterwards, closed if this
	 * fails
	 * @return a channel in non-blocking mode, whose own idea of its address is wrong:
	 * whoever reports an address takes it from the listener
	 * @throws IOException if it is not a socket, or descriptors ran out
	 */
	ServerSocketChannel adopt(int descriptor) throws IOException;

	/**
	 * Bind a socket of TCP that does not listen yet, beside others that listen on an
	 * overlapping address: for as long as the call takes all of them have SO_REUSEPORT.
	 * @param address where to bind
	 * @param neighbours descriptors that listen on overlapping addresses
	 * @return the descriptor, owned by the caller
	 * @throws IOException if somebody else has the address, or nobody may
	 */
	int reserve(InetSocketAddress address, List<Integer> neighbours) throws IOException;

	/**
	 * Listen on a socket that is bound, or change the length of the queue of one that
	 * listens.
	 * @param descriptor the socket; stays open
	 * @param backlog how many connections may wait to be accepted
	 * @param neighbours descriptors that listen on overlapping addresses
	 * @throws IOException if somebody else has the address by now
	 */
	void listen(int descriptor, int backlog, List<Integer> neighbours) throws IOException;

	/**
	 * Listen on a name in Linux's abstract namespace, which the JDK has no word for.
	 * @param name the name, without a leading {@code @}
	 * @param backlog how many connections may wait to be accepted
	 * @return the descriptor, owned by the caller
	 * @throws IOException if somebody else listens there
	 */
	int listenAbstract(String name, int backlog) throws IOException;

	/**
	 * Make the kernel take no newcomers to a listening socket, while connections that
	 * wait to be accepted go on, and so do handshakes of TCP that have begun. A client of
	 * TCP sends its SYN again after a second, and finds the port closed then; a client of
	 * a Unix socket is refused at once. It can't be undone, and holds for every process
	 * that shares the socket.
	 * @param name where a socket of this process listens, as the kernel knows it
	 * @throws IOException if there is no such socket, or the kernel does not do it
	 * @see <a href="https://www.man7.org/linux/man-pages/man7/socket.7.html">socket(7),
	 * SO_ATTACH_FILTER</a>
	 */
	void refuseNewcomers(SocketAddress name) throws IOException;

	/**
	 * Let newcomers into the queue of a listening socket again, where a process that
	 * ended has made the kernel take none.
	 * @param descriptor the socket; stays open
	 * @throws IOException if that can't be undone, as with a Unix socket: nobody can
	 * connect to it any more
	 * @see #refuseNewcomers(SocketAddress)
	 */
	void acceptNewcomers(int descriptor) throws IOException;

	/**
	 * Say who is at the other end of a Unix socket of the JDK's, as the kernel noted it
	 * when the connection was made. Looks at every descriptor of this process.
	 * @param channel the connection; stays open
	 * @return the peer
	 * @throws IOException if the connection is closed, or the kernel does not tell
	 */
	PeerCredentials peer(SocketChannel channel) throws IOException;

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
	 * Send one datagram to a Unix socket, such as that of a service manager.
	 * @param socket its path, or {@code @name} in Linux's abstract namespace
	 * @param message what to send
	 * @param descriptors descriptors to send along; stay open here
	 * @throws IOException if nobody receives it, or the queue is full for some seconds
	 */
	void sendDatagram(String socket, ByteBuffer message, List<Integer> descriptors) throws IOException;

	/**
	 * Return where a descriptor listens.
	 * @param descriptor the descriptor; stays open
	 * @return its address, as the kernel knows it
	 * @throws IOException if it does not listen
	 */
	SocketAddress addressOf(int descriptor) throws IOException;

	/**
	 * Make another descriptor of the same open file, close-on-exec.
	 * @param descriptor the descriptor to copy; stays open
	 * @return the copy, owned by the caller
	 * @throws IOException if descriptors ran out
	 */
	int duplicate(int descriptor) throws IOException;

	/**
	 * Let one descriptor number mean what another means, as dup2(2) does.
	 * @param descriptor the descriptor to copy; stays open
	 * @param target the number to replace
	 * @throws IOException if either is not valid
	 */
	void duplicate(int descriptor, int target) throws IOException;

	/**
	 * Let a descriptor lead nowhere: what is written to it is lost ({@code /dev/null}).
	 * @param target the number to replace
	 * @throws IOException if descriptors ran out
	 */
	void discard(int target) throws IOException;

	/**
	 * Begin a session of this process's own, without a terminal (setsid(2)).
	 * @throws IOException if this process leads a process group
	 */
	void beginSession() throws IOException;

	/**
	 * Close a descriptor that no Java object owns.
	 * @param descriptor the descriptor
	 */
	void close(int descriptor);

}
