package io.gozd.listener;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * The file of a Unix socket. It belongs to the daemon that bound it: another file at the
 * same path is never touched.
 *
 * @param path where clients find it
 * @param inode what tells it from another file at the same path
 */
public record SocketFile(Path path, String inode) {

	private static final int TYPE_MASK = 0170000;

	private static final int SOCKET = 0140000;

	/**
	 * Return the file of a socket that is known to be there.
	 * @param path where clients find it
	 * @return the file
	 * @throws IOException if there is none, or another kind of file
	 */
	public static SocketFile at(Path path) throws IOException {
		if (!isSocket(path)) {
			throw new IOException(path + " is no socket");
		}
		return of(path);
	}

	static SocketFile of(Path path) throws IOException {
		return new SocketFile(path, inode(path));
	}

	private static String inode(Path path) throws IOException {
		return Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS) + ":"
				+ Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
	}

	static boolean isSocket(Path path) throws IOException {
		int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
		return (mode & TYPE_MASK) == SOCKET;
	}

	/**
	 * Return whether somebody listens on a Unix socket. Only where nobody does a client
	 * is refused: not where the queue is full, or where this user may not connect.
	 * @param path the socket, or a link to it; short enough for the address of one
	 * @return false if it is stale or does not exist
	 */
	public static boolean isAnswered(Path path) {
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			// A full queue makes a blocking connect wait.
			channel.configureBlocking(false);
			channel.connect(UnixDomainSocketAddress.of(path));
			return true;
		}
		catch (ConnectException ex) {
			return false;
		}
		catch (IOException ex) {
			return Files.exists(path);
		}
	}

	/**
	 * Return whether the file is still there.
	 * @return whether the path names it, and not another file
	 * @throws IOException if the path can't be looked at
	 */
	public boolean isInPlace() throws IOException {
		try {
			return inode(this.path).equals(this.inode);
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	/**
	 * Remove the file, if it is still there.
	 * @throws IOException if it can't be removed
	 */
	public void remove() throws IOException {
		if (isInPlace()) {
			Files.deleteIfExists(this.path);
		}
	}

	void permit(Set<PosixFilePermission> mode) throws IOException {
		if (isInPlace() && !Files.getPosixFilePermissions(this.path, LinkOption.NOFOLLOW_LINKS).equals(mode)) {
			Files.setPosixFilePermissions(this.path, mode);
		}
	}

}
