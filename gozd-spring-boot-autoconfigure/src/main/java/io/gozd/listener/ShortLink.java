package io.gozd.listener;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A private link, for as long as it is open, to a place whose path is too long for the
 * address of a Unix socket.
 *
 * @param path the link, a few dozen bytes long
 */
record ShortLink(Path path) implements Closeable {

	static ShortLink to(Path target) throws IOException {
		Path directory = Files.createTempDirectory("gozd");
		try {
			return new ShortLink(Files.createSymbolicLink(directory.resolve("l"), target.toAbsolutePath()));
		}
		catch (IOException ex) {
			Files.delete(directory);
			throw ex;
		}
	}

	@Override
	public void close() throws IOException {
		Files.delete(this.path);
		Files.delete(this.path.getParent());
	}

}
