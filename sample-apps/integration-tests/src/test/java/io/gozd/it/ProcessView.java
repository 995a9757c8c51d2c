package io.gozd.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the kernel tells of a process.
 *
 * @param pid its id
 */
record ProcessView(long pid) {

	/** Fields of the kernel's, counted from the one after the name. */
	private static final int NUMBER_OF_THREADS = 17;

	private static final int START_TIME = 19;

	static List<ProcessView> all() {
		try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
			return entries.map((entry) -> entry.getFileName().toString())
				.filter((name) -> name.chars().allMatch(Character::isDigit))
				.map((name) -> new ProcessView(Long.parseLong(name)))
				.toList();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Whether it runs. One that has exited and was not yet waited for does not.
	 */
	boolean runs() {
		String[] stat = stat();
		return stat.length > 0 && !stat[0].equals("X") && !hasExited(stat);
	}

	boolean isZombie() {
		return hasExited(stat());
	}

	/**
	 * Of a process that is killed the first thread may be dead before the others, and
	 * these hold all that it had open until the last of them is dead.
	 */
	private static boolean hasExited(String[] stat) {
		return stat.length > NUMBER_OF_THREADS && stat[0].equals("Z") && Integer.parseInt(stat[NUMBER_OF_THREADS]) <= 1;
	}

	/**
	 * When it was started, in ticks of the kernel; -1 where there is no such process. No
	 * two have both the pid and this.
	 */
	long startTime() {
		String[] stat = stat();
		return (stat.length > START_TIME) ? Long.parseLong(stat[START_TIME]) : -1;
	}

	long parent() {
		String[] stat = stat();
		return (stat.length > 1) ? Long.parseLong(stat[1]) : -1;
	}

	/**
	 * The session that it belongs to, by its leader.
	 */
	long session() {
		String[] stat = stat();
		return (stat.length > 3) ? Long.parseLong(stat[3]) : -1;
	}

	/**
	 * Its short name, as "ps" and "top" show it.
	 */
	String name() {
		return text("comm").strip();
	}

	/** The fields after the name, which may itself have blanks and brackets. */
	private String[] stat() {
		String stat = text("stat");
		return stat.isEmpty() ? new String[0] : stat.substring(stat.lastIndexOf(')') + 2).split(" ");
	}

	List<String> commandLine() {
		return split(textInMemory("cmdline"));
	}

	SortedMap<String, String> environment() {
		SortedMap<String, String> environment = new TreeMap<>();
		for (String entry : split(textInMemory("environ"))) {
			int equals = entry.indexOf('=');
			if (equals > 0) {
				environment.put(entry.substring(0, equals), entry.substring(equals + 1));
			}
		}
		return environment;
	}

	private static List<String> split(String zeroTerminated) {
		return zeroTerminated.isEmpty() ? List.of()
				: List.of(zeroTerminated.substring(0, zeroTerminated.length() - 1).split("\0", -1));
	}

	/**
	 * The memory that it has in the machine.
	 */
	long residentKibibytes() {
		return text("status").lines()
			.filter((line) -> line.startsWith("VmRSS:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
			.findFirst()
			.orElse(0);
	}

	/**
	 * How many files it may have open: the soft limit and the hard one.
	 */
	String fileLimits() {
		return text("limits").lines()
			.filter((line) -> line.startsWith("Max open files"))
			.map((line) -> line.replaceAll("[^0-9 ]", "").strip().replaceAll(" +", " "))
			.findFirst()
			.orElse("");
	}

	/**
	 * Whether it is pid 1 of a namespace that is not this one.
	 */
	boolean isFirstOfNamespace() {
		return text("status").lines().anyMatch((line) -> line.matches("NSpid:.*\\s\\d+\\s+1"));
	}

	Path workingDirectory() throws IOException {
		return Files.readSymbolicLink(proc("cwd"));
	}

	/**
	 * A mask of signals, such as "SigIgn".
	 */
	long signals(String field) {
		return text("status").lines()
			.filter((line) -> line.startsWith(field + ":"))
			.mapToLong((line) -> Long.parseUnsignedLong(line.substring(field.length() + 1).strip(), 16))
			.findFirst()
			.orElse(0);
	}

	/**
	 * A line of the status of each thread, such as "Uid".
	 */
	List<String> threadStatus(String field) throws IOException {
		try (Stream<Path> tasks = Files.list(proc("task"))) {
			return tasks.flatMap((task) -> read(task.resolve("status")).lines())
				.filter((line) -> line.startsWith(field + ":"))
				.map((line) -> line.substring(field.length() + 1).strip().replaceAll("\\s+", " "))
				.distinct()
				.toList();
		}
	}

	List<String> threadNames() throws IOException {
		try (Stream<Path> tasks = Files.list(proc("task"))) {
			return tasks.map((task) -> read(task.resolve("comm")).strip()).toList();
		}
	}

	List<String> descriptors() throws IOException {
		try (Stream<Path> entries = Files.list(proc("fd"))) {
			return entries.map(ProcessView::target).filter((target) -> !target.isEmpty()).toList();
		}
	}

	private static String target(Path link) {
		try {
			return Files.readSymbolicLink(link).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

	private String text(String name) {
		return read(proc(name));
	}

	/** Where its first thread is dead, another may have its memory still. */
	private String textInMemory(String name) {
		String text = text(name);
		String[] stat = stat();
		if (!text.isEmpty() || stat.length == 0 || !stat[0].equals("Z")) {
			return text;
		}
		try (Stream<Path> tasks = Files.list(proc("task"))) {
			return tasks.map((task) -> read(task.resolve(name)))
				.filter((each) -> !each.isEmpty())
				.findFirst()
				.orElse("");
		}
		catch (IOException | UncheckedIOException ex) {
			return "";
		}
	}

	private Path proc(String name) {
		return Path.of("/proc", Long.toString(this.pid), name);
	}

	/** A process may go at any moment, or belong to somebody else. */
	private static String read(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
