package io.gozd.daemon;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.gozd.listener.SocketFile;

/**
 * The private directory of a daemon: {@code pid} holds the pid of the incumbent, each
 * generation listens on {@code <generation>-<pid>.sock}, and {@code control.sock} is a
 * link to the incumbent's.
 *
 * @param path the directory, 0700
 * @param temporary whether it is deleted with the last generation
 */
record RunDirectory(Path path, boolean temporary) {

	private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

	private static final String CONTROL = "control.sock";

	private static final String LOCK = "gozd.lock";

	private static final String PID = "pid";

	private static final Pattern SOCKET = Pattern.compile("\\d{1,9}-\\d{1,18}\\.sock");

	/** The most bytes of the path of a Unix socket (unix(7)). */
	private static final int MAX_SOCKET_PATH = 107;

	private static final int LONGEST_NAME = "/9999-4194304.sock.new".length();

	/**
	 * Make a directory of this user's own of a path.
	 */
	static RunDirectory prepare(Path path, boolean temporary, long user) throws IOException {
		if (path.toString().getBytes().length + LONGEST_NAME > MAX_SOCKET_PATH) {
			throw new IOException("its path is too long for the sockets in it: at most "
					+ (MAX_SOCKET_PATH - LONGEST_NAME) + " bytes");
		}
		if (Files.isSymbolicLink(path)) {
			throw new IOException("it is a symbolic link");
		}
		Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PRIVATE));
		if (((Number) Files.getAttribute(path, "unix:uid")).longValue() != user) {
			throw new IOException("it belongs to another user");
		}
		if (!Files.getPosixFilePermissions(path).equals(PRIVATE)) {
			makePrivate(path);
		}
		return new RunDirectory(path, temporary);
	}

	/** Never take away a directory that others use: /run itself might be named. */
	private static void makePrivate(Path path) throws IOException {
		try (Stream<Path> files = Files.list(path)) {
			if (!Files.isRegularFile(path.resolve(LOCK), LinkOption.NOFOLLOW_LINKS) && files.findAny().isPresent()) {
				throw new IOException("others can read it, and it holds files that are not this daemon's");
			}
		}
		Files.setPosixFilePermissions(path, PRIVATE);
	}

	/** The control socket of the incumbent. */
	Path controlSocket() {
		return this.path.resolve(CONTROL);
	}

	/** The control socket of one generation. */
	Path socket(int generation, long pid) {
		return this.path.resolve(generation + "-" + pid + ".sock");
	}

	/**
	 * Listen as this generation.
	 * @return the socket, owned by the caller
	 */
	ServerSocketChannel listen(int generation, long pid) throws IOException {
		Path socket = socket(generation, pid);
		Files.deleteIfExists(socket);
		ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			channel.bind(UnixDomainSocketAddress.of(socket));
			Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Become the one daemon of this directory. The control socket is the lock: the kernel
	 * closes it when its holder dies. The lock file only keeps two starts apart.
	 * @return whether nobody else was it
	 */
	boolean claim(int generation, long pid) throws IOException {
		try (FileChannel lock = FileChannel.open(this.path.resolve(LOCK), StandardOpenOption.CREATE,
				StandardOpenOption.WRITE)) {
			lock.lock();
			if (SocketFile.isAnswered(controlSocket())) {
				return false;
			}
			pointControlSocketTo(generation, pid);
			return true;
		}
	}

	/**
	 * Become the incumbent: the control socket and the pid file are this process's.
	 */
	void take(int generation, long pid) throws IOException {
		pointControlSocketTo(generation, pid);
		PidFile.write(this.path.resolve(PID), pid);
		for (Path socket : others(generation, pid)) {
			if (!SocketFile.isAnswered(socket)) {
				Files.deleteIfExists(socket);
			}
		}
	}

	/** The pid of the daemon that lives here. */
	Optional<String> owner() {
		try {
			String name = Files.readSymbolicLink(controlSocket()).toString();
			return Optional.of(name.substring(name.indexOf('-') + 1, name.lastIndexOf('.')));
		}
		catch (IOException | RuntimeException ex) {
			return Optional.empty();
		}
	}

	private void pointControlSocketTo(int generation, long pid) throws IOException {
		Path link = this.path.resolve(CONTROL + ".new");
		Files.deleteIfExists(link);
		Files.createSymbolicLink(link, socket(generation, pid).getFileName());
		Files.move(link, controlSocket(), StandardCopyOption.ATOMIC_MOVE);
	}

	/** The sockets of the other generations that live, the oldest first. */
	List<Path> living(int generation, long pid) throws IOException {
		return others(generation, pid).stream().filter(SocketFile::isAnswered).toList();
	}

	// To ask one's own socket would be an answer, and load native code to give it.
	private List<Path> others(int generation, long pid) throws IOException {
		Path own = socket(generation, pid);
		return sockets().stream().filter((socket) -> !socket.equals(own)).toList();
	}

	/** The control sockets of all generations that have left one, the oldest first. */
	List<Path> sockets() throws IOException {
		try (Stream<Path> files = Files.list(this.path)) {
			return files.filter(RunDirectory::isSocketOfGeneration)
				.sorted(Comparator.comparingInt(RunDirectory::generation))
				.toList();
		}
	}

	static boolean isSocketOfGeneration(Path file) {
		return SOCKET.matcher(file.getFileName().toString()).matches();
	}

	private static int generation(Path socket) {
		String name = socket.getFileName().toString();
		return Integer.parseInt(name.substring(0, name.indexOf('-')));
	}

	/** Leave nothing of this process behind, and nothing at all if it was the last. */
	void leave(int generation, long pid) throws IOException {
		Path own = socket(generation, pid);
		Files.deleteIfExists(own);
		PidFile.remove(this.path.resolve(PID), pid);
		try {
			if (Files.readSymbolicLink(controlSocket()).equals(own.getFileName())) {
				Files.deleteIfExists(controlSocket());
			}
		}
		catch (NoSuchFileException ex) {
			// Somebody else has tidied up.
		}
		if (this.temporary && sockets().isEmpty()) {
			Files.deleteIfExists(this.path.resolve(LOCK));
			Files.deleteIfExists(this.path);
		}
	}

}
