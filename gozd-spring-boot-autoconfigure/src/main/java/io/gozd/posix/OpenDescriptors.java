package io.gozd.posix;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The descriptors of this process, from {@code /proc/self/fd} (proc(5)).
 */
final class OpenDescriptors {

	private OpenDescriptors() {
	}

	static List<Integer> list() throws IOException {
		List<Integer> descriptors = new ArrayList<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			for (Path entry : entries) {
				descriptors.add(Integer.valueOf(entry.getFileName().toString()));
			}
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
		return descriptors;
	}

}
