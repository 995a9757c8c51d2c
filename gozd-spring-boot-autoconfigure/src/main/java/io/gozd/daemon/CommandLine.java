package io.gozd.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.gozd.posix.ProcessFile;

/**
 * How this process was started, so that it can be done again: as typed, with symbolic
 * links unresolved, because a flipped link is how a new jar comes.
 *
 * @param arguments the arguments, the launcher first
 * @param directory the directory to start in
 * @param classPath the files of the class path, relative to the directory, as they were
 */
record CommandLine(List<String> arguments, Path directory, Map<Path, FileStamp> classPath) {

	/**
	 * Read the command line of this process. To be called early: a link may be flipped
	 * later.
	 */
	static CommandLine ofThisProcess() throws IOException {
		Map<Path, FileStamp> files = new LinkedHashMap<>();
		Path directory = workingDirectory();
		for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator)) {
			if (!entry.isEmpty() && Files.isRegularFile(directory.resolve(entry))) {
				files.put(Path.of(entry), FileStamp.of(directory.resolve(entry)));
			}
		}
		return new CommandLine(ProcessFile.self().commandLine(), directory, files);
	}

	/**
	 * The kernel knows the directory with links resolved, the shell as it was typed: the
	 * shell is believed where both mean the same.
	 */
	static Path workingDirectory() throws IOException {
		String typed = System.getenv("PWD");
		Path real = Path.of("").toRealPath();
		if (typed != null) {
			Path logical = Path.of(typed);
			if (logical.isAbsolute() && Files.isDirectory(logical) && Files.isSameFile(logical, real)) {
				return logical;
			}
		}
		return real;
	}

}
