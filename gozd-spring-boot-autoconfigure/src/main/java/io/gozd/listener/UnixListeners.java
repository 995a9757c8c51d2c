package io.gozd.listener;

import java.io.IOException;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Binds Unix sockets that have the right mode before anybody can connect: in a private
 * directory beside the place where they belong, moved there when they are done. So a
 * stale socket is replaced without a gap, too.
 */
final class UnixListeners {

	/**
	 * The most bytes of a path that the JDK takes: one less than the kernel (unix(7)).
	 */
	private static final int MAX_PATH = 106;

	private UnixListeners() {
	}

	/**
	 * Bind a socket.
	 * @param owner whom its file is to belong to, or null for this user
	 * @return the listener, owned by the caller
	 */
	static Listener bind(ListenerKey key, UnixDomainSocketAddress address, Set<PosixFilePermission> mode, int backlog,
			@Nullable FileOwner owner) throws IOException {
		Path path = address.getPath();
		boolean stale = isStale(path);
		Path directory = Files.createTempDirectory(path.toAbsolutePath().getParent(), ".gozd");
		Path moving = directory.resolve(path.getFileName());
		if (isLong(moving)) {
			moving = directory.resolve("s");
		}
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			bind(channel, moving, backlog);
			channel.configureBlocking(false);
			Files.setPosixFilePermissions(moving, mode);
			if (owner != null) {
				owner.own(moving);
			}
			SocketFile file = new SocketFile(path, SocketFile.of(moving).inode());
			place(moving, path, stale);
			return new Listener(key, channel, address, channel.getLocalAddress(), file, backlog);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
		finally {
			Files.deleteIfExists(moving);
			Files.deleteIfExists(directory);
		}
	}

	/** A path that is too long on the way is reached through a link. */
	private static void bind(ServerSocketChannel channel, Path path, int backlog) throws IOException {
		if (!isLong(path)) {
			channel.bind(UnixDomainSocketAddress.of(path), backlog);
			return;
		}
		try (ShortLink link = ShortLink.to(path.getParent())) {
			channel.bind(UnixDomainSocketAddress.of(link.path().resolve(path.getFileName())), backlog);
		}
	}

	private static boolean isLong(Path path) {
		return path.toString().getBytes().length > MAX_PATH;
	}

	/**
	 * What has appeared meanwhile is not replaced: another daemon may have started too.
	 */
	private static void place(Path moving, Path path, boolean stale) throws IOException {
		if (!stale) {
			try {
				Files.createLink(path, moving);
				return;
			}
			catch (FileAlreadyExistsException ex) {
				throw new BindException("Address already in use");
			}
			catch (FileSystemException | UnsupportedOperationException ex) {
				// A file system without hard links.
			}
		}
		Files.move(moving, path, StandardCopyOption.ATOMIC_MOVE);
	}

	private static boolean isStale(Path path) throws IOException {
		if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
			return false;
		}
		if (!SocketFile.isSocket(path)) {
			throw new FileAlreadyExistsException(path.toString(), null, "there is a file that is no socket");
		}
		if (isAlive(path)) {
			throw new BindException("Address already in use");
		}
		return true;
	}

	private static boolean isAlive(Path path) throws IOException {
		if (!isLong(path)) {
			return SocketFile.isAnswered(path);
		}
		try (ShortLink link = ShortLink.to(path)) {
			return SocketFile.isAnswered(link.path());
		}
	}

}
