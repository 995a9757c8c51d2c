package io.gozd.directive;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * Reads where a Unix socket listens: an absolute path, or {@code @name} in Linux's
 * abstract namespace.
 */
final class UnixAddress {

	/** The most bytes of a path or a name (unix(7)). */
	private static final int MAX_BYTES = 107;

	private static final int TYPE_MASK = 0170000;

	private static final int SOCKET = 0140000;

	private UnixAddress() {
	}

	static boolean isMeant(String address) {
		return address.startsWith("/") || isAbstract(address);
	}

	static boolean isAbstract(String address) {
		return address.startsWith("@");
	}

	static InvalidValueException relative() {
		return new InvalidValueException("The path of a Unix socket is absolute, and begins with a slash",
				"Write the whole path, or @name for a name in the abstract namespace");
	}

	/**
	 * Read an address, and look at what is there.
	 * @param text the text, not blank
	 * @return the address
	 * @throws InvalidValueException if it is none, or no socket can be there
	 */
	static UnixDomainSocketAddress parse(String text) throws InvalidValueException {
		if (isAbstract(text)) {
			return parseAbstract(text);
		}
		if (!text.startsWith("/")) {
			throw relative();
		}
		checkLength(text, "The path of a Unix socket", "Write a shorter path");
		try {
			Path path = Path.of(text);
			checkPlace(path);
			return UnixDomainSocketAddress.of(real(path));
		}
		catch (InvalidPathException ex) {
			throw new InvalidValueException("That is no path: " + ex.getReason(),
					"Write another one, or start the daemon with a UTF-8 locale, LANG=C.UTF-8");
		}
	}

	/** Where a link to a release is changed, the next generation has another address. */
	private static Path real(Path path) {
		Path directory = path.getParent();
		try {
			return (directory != null) ? directory.toRealPath().resolve(path.getFileName()) : path;
		}
		catch (IOException ex) {
			return path;
		}
	}

	private static UnixDomainSocketAddress parseAbstract(String text) throws InvalidValueException {
		String name = text.substring(1);
		if (name.isEmpty()) {
			throw new InvalidValueException("The abstract namespace has no empty name", "Write a name after the @");
		}
		checkLength(name, "A name in the abstract namespace", "Write a shorter name");
		try {
			UnixDomainSocketAddress address = UnixDomainSocketAddress.of(text);
			if (address.toString().equals(text)) {
				return address;
			}
		}
		catch (InvalidPathException ex) {
			// Said below.
		}
		throw new InvalidValueException("That name can't be kept as it is",
				"Write one without slashes, of characters that the locale knows");
	}

	private static void checkLength(String text, String what, String remedy) throws InvalidValueException {
		int bytes = text.getBytes(StandardCharsets.UTF_8).length;
		if (bytes > MAX_BYTES) {
			throw new InvalidValueException(what + " has at most " + MAX_BYTES + " bytes, and this has " + bytes,
					remedy);
		}
	}

	private static void checkPlace(Path path) throws InvalidValueException {
		if (Files.isSymbolicLink(path)) {
			throw new InvalidValueException("There is a symbolic link",
					"Write the path that it points to, or remove it");
		}
		boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
		if (exists && !isSocket(path)) {
			throw Files.isDirectory(path)
					? new InvalidValueException("There is a directory", "Write the path of a socket in it")
					: new InvalidValueException("There is a file that is no socket, and it is left alone",
							"Move it away, or write another path");
		}
		Path directory = path.getParent();
		if (directory != null && !Files.isDirectory(directory)) {
			throw new InvalidValueException("The directory " + directory + " does not exist",
					"Create it, with this user as its owner");
		}
		// A socket that is there may be inherited: then nothing is made.
		if (directory != null && !exists && !Files.isWritable(directory)) {
			throw notWritable(directory);
		}
	}

	static InvalidValueException notWritable(Path directory) {
		return new InvalidValueException(
				"The user " + System.getProperty("user.name") + " may not make files in " + directory,
				"Let this user write there, or write another path");
	}

	private static boolean isSocket(Path path) {
		try {
			int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
			return (mode & TYPE_MASK) == SOCKET;
		}
		catch (IOException ex) {
			// Gone, or out of sight: to bind says what is the matter.
			return true;
		}
	}

}
