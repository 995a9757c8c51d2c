package io.gozd.daemon;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.gozd.handover.Message;

/**
 * What a process runs, so that a command knows a daemon whose name nobody chose.
 *
 * @param file the jar, or the first of the class path: absolute, and as it was typed
 * @param arguments those of the program, but what only a command has
 */
record Program(Path file, String arguments) {

	private static final String FILE = "program";

	private static final String ARGUMENTS = "arguments";

	private static final List<String> OF_COMMANDS = List.of("--gozd.command=", "--gozd.format=",
			"--gozd.command-timeout=");

	static Program ofThisProcess(Path directory) {
		return of(directory, System.getProperty("java.class.path", ""), System.getProperty("sun.java.command", ""));
	}

	/**
	 * What a JVM knows of its command.
	 * @param directory where it was started
	 * @param classPath with {@code -jar} the jar
	 * @param command the jar or the main class, and the arguments, with blanks between
	 */
	static Program of(Path directory, String classPath, String command) {
		String text = command + " ";
		int end = text.startsWith(classPath + " ") ? classPath.length() : text.indexOf(' ');
		String arguments = text.substring(end + 1).stripTrailing();
		return new Program(directory.resolve(classPath.split(File.pathSeparator)[0]).normalize(),
				Stream.of(arguments.split(" "))
					.filter((argument) -> OF_COMMANDS.stream().noneMatch(argument::startsWith))
					.collect(Collectors.joining(" ")));
	}

	Message addTo(Message status) {
		return status.with(FILE, this.file).with(ARGUMENTS, this.arguments);
	}

	/** Whether a process says that it runs the same. */
	boolean isRunBy(Message status) throws IOException {
		String file = status.field(FILE);
		return file != null && this.arguments.equals(status.field(ARGUMENTS)) && isSame(Path.of(file));
	}

	// A link may have been flipped since, or be typed another way.
	private boolean isSame(Path other) throws IOException {
		return this.file.equals(other)
				|| (Files.exists(this.file) && Files.exists(other) && Files.isSameFile(this.file, other));
	}

}
