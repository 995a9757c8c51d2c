package io.gozd.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;

import io.gozd.posix.PeerCredentials;

/**
 * An accepted connection, of TCP or of a Unix socket alike. Methods may be called by any
 * thread; one thread can read while another writes, and several that read, or that write,
 * agree among themselves.
 */
public interface TcpConnection extends Closeable {

	/**
	 * Return the directive that it belongs to.
	 * @return its id
	 */
	String directive();

	/**
	 * Return its channel.
	 * @return the channel, in blocking mode, owned by the connection
	 */
	SocketChannel channel();

	/**
	 * Return what the peer sends. The stream has no buffer of its own; it ends when the
	 * peer sends no more, and one can still write then. Needs the channel to be in
	 * blocking mode.
	 * @return the stream; closing it closes the connection
	 */
	InputStream inputStream();

	/**
	 * Return the way to the peer. The stream has no buffer of its own: a write returns
	 * when the kernel has all of it. Needs the channel to be in blocking mode.
	 * @return the stream; closing it closes the connection
	 */
	OutputStream outputStream();

	/**
	 * Return who has connected.
	 * @return the peer's address; of a Unix socket most often one without a name
	 */
	SocketAddress peerAddress();

	/**
	 * Return where the peer has connected to.
	 * @return of TCP this end's own address, of a Unix socket that of the directive
	 */
	SocketAddress localAddress();

	/**
	 * Return which process has connected to a Unix socket, as the kernel noted it then.
	 * Looks through the open files of this process once a connection, and loads native
	 * code when first called, which takes some hundred milliseconds.
	 * @return the process, its user and its group; nothing for TCP
	 * @throws IOException if the connection is closed, or the kernel does not tell
	 */
	Optional<PeerCredentials> peerCredentials() throws IOException;

	/**
	 * Return whether this process drains: it accepts no more connections, or won't soon,
	 * and exits when those that are open have ended.
	 * @return whether it does at this moment; a reload that fails late ends it again
	 */
	boolean isDraining();

	/**
	 * Have something done when a drain begins, or at once during one: the time to tell
	 * the peer, where the protocol has a word for it. It is done once, in another thread,
	 * and not if the connection is closed by then. Some dozens can be done at a time, or
	 * any number where threads are virtual.
	 * @param callback what to do; what it throws is logged
	 */
	void onDrain(Runnable callback);

}
