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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.gozd.listener.FileOwner;
import io.gozd.listener.SocketFile;
import io.gozd.listener.TrustedPath;

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

	private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwxr-xr-x");

	private static final String CONTROL = "control.sock";

	private static final String LOCK = "gozd.lock";

	private static final String PID = "pid";

	private static final Pattern SOCKET = Pattern.compile("\\d{1,9}-\\d{1,18}\\.sock");

	/** The most bytes of the path of a Unix socket (unix(7)). */
	private static final int MAX_SOCKET_PATH = 107;

	private static final long LOCK_NANOS = TimeUnit.SECONDS.toNanos(10);

	private static final long LOCK_INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

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

	/**
	 * Make a directory of another user's own, as root. One that root's own daemon of the
	 * same name has left is emptied and given away. Nothing is done where that user can
	 * do it alone: what root does by name there, that user can turn against others.
	 */
	static void give(Path path, FileOwner owner) throws IOException {
		give(path, owner, RunDirectories.OF_ROOT);
	}

	static void give(Path path, FileOwner owner, Path ofRoot) throws IOException {
		Path parent = TrustedPath.existingParent(path);
		if (parent.equals(ofRoot) && isShutByRoot(parent)) {
			// A daemon that stayed root's has made it, for itself alone.
			makePassable(parent);
		}
		boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
		if (TrustedPath.owner(exists ? path : parent) == owner.uid()) {
			return;
		}
		checkTrusted(parent);
		if (exists) {
			takeBack(path);
		}
		else {
			make(path);
		}
		// Last: until now nobody else could have put anything into it.
		owner.own(path);
	}

	private static void checkTrusted(Path folder) throws IOException {
		if (!TrustedPath.leadsWhereRootWants(folder)) {
			throw new IOException(folder + " is not root's alone");
		}
	}

	private static void make(Path path) throws IOException {
		Path parent = path.getParent();
		if (!Files.exists(parent)) {
			Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(PASSABLE));
			makePassable(parent);
		}
		Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
	}

	private static boolean isShutByRoot(Path folder) throws IOException {
		return TrustedPath.owner(folder) == 0 && TrustedPath.leadsWhereRootWants(folder)
				&& !Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_EXECUTE);
	}

	/** That user must get through it; what is in it is private. */
	private static void makePassable(Path folder) throws IOException {
		checkTrusted(folder);
		Files.setPosixFilePermissions(folder, PASSABLE);
	}

	private static void takeBack(Path path) throws IOException {
		if (Files.isSymbolicLink(path)) {
			throw new IOException("it is a symbolic link");
		}
		if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
			throw new IOException("it is no directory");
		}
		if (TrustedPath.owner(path) != 0) {
			throw new IOException("it belongs to another user");
		}
		makePrivate(path);
		RunDirectory directory = new RunDirectory(path, false);
		if (SocketFile.isAnswered(directory.controlSocket())) {
			throw new IOException("a daemon of another user runs in it, as pid " + directory.owner().orElse("unknown"));
		}
		directory.clear();
		try (Stream<Path> files = Files.list(path)) {
			if (files.findAny().isPresent()) {
				throw new IOException("it belongs to another user, and holds files that are not this daemon's");
			}
		}
	}

	/** Remove the files of a daemon that is gone. */
	private void clear() throws IOException {
		if (!Files.isRegularFile(this.path.resolve(LOCK), LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		for (Path socket : sockets()) {
			Files.deleteIfExists(socket);
		}
		for (String name : List.of(CONTROL, PID, LOCK)) {
			Files.deleteIfExists(this.path.resolve(name));
		}
		removeResident();
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

	/** Where the classes are of the process that stays, if one does. */
	Path resident() {
		return this.path.resolve("resident");
	}

	private void removeResident() throws IOException {
		if (!Files.isDirectory(resident(), LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try (Stream<Path> files = Files.walk(resident())) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
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
			lock(lock);
			if (SocketFile.isAnswered(controlSocket())) {
				return false;
			}
			pointControlSocketTo(generation, pid);
			return true;
		}
	}

	/** Another start has it for moments only, unless it is stopped. */
	private static void lock(FileChannel file) throws IOException {
		long deadline = System.nanoTime() + LOCK_NANOS;
		while (file.tryLock() == null) {
			if (System.nanoTime() - deadline > 0) {
				throw new IOException("another start holds its lock, and does not go on");
			}
			LockSupport.parkNanos(LOCK_INTERVAL_NANOS);
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

	/**
	 * See that no daemon lives here, whose user this process may look after.
	 * @param name what it is called
	 */
	void checkFree(String name) {
		if (SocketFile.isAnswered(controlSocket())) {
			throw alreadyRuns(name);
		}
	}

	DaemonException alreadyRuns(String name) {
		return new DaemonException(
				"The daemon " + name + " runs already" + owner().map((pid) -> " as pid " + pid).orElse("")
						+ " (run directory " + this.path + ")",
				"Reload it with kill -HUP, stop it with kill -TERM and wait until it has drained, or give this one another"
						+ " gozd.name or gozd.run-directory");
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
		removeIfLast();
	}

	/** Remove the classes of the process that stays, which has ended or does not stay. */
	void leaveResident() throws IOException {
		removeResident();
		removeIfLast();
	}

	private void removeIfLast() throws IOException {
		if (this.temporary && Files.isDirectory(this.path) && sockets().isEmpty() && Files.notExists(resident())) {
			Files.deleteIfExists(this.path.resolve(LOCK));
			Files.deleteIfExists(this.path);
		}
	}

}
