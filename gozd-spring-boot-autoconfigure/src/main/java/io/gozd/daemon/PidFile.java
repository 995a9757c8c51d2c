package io.gozd.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A file that holds a pid: never half written, and removed only by the process it names.
 */
final class PidFile {

	private PidFile() {
	}

	static void write(Path file, long pid) throws IOException {
		Path fresh = file.resolveSibling(file.getFileName() + "." + pid);
		// CREATE_NEW follows no link that somebody has put there.
		Files.deleteIfExists(fresh);
		Files.writeString(fresh, pid + "\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
		Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
		Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
	}

	static void remove(Path file, long pid) throws IOException {
		try {
			if (Files.readString(file, StandardCharsets.ISO_8859_1).trim().equals(Long.toString(pid))) {
				Files.deleteIfExists(file);
			}
		}
		catch (NoSuchFileException ex) {
			// Removed already.
		}
	}

}
