package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a generation holds, to be compared with what a later one holds.
 *
 * @param descriptors open descriptors by kind
 * @param threads threads by name, without those that the JVM starts and ends as it likes
 * @param zombies processes that were not waited for
 * @param runFiles files of the run directory
 * @param temporaryFiles files of the directory for temporary ones, by name without digits
 */
record Census(SortedMap<String, Long> descriptors, SortedMap<String, Long> threads, long zombies,
		SortedMap<String, Long> runFiles, SortedMap<String, Long> temporaryFiles) {

	/** The kernel keeps fifteen characters of a name. */
	private static final Set<String> OF_THE_JVM = Set.of("C# CompilerThre", "GC Thread#", "Common-Cleaner",
			"process reaper", "Attach Listener", "G# Conc##", "G# Refine##", "G# Service", "G# Main Marker",
			"Cleaner-#", "VM Periodic Tas", "Sweeper thread");

	/** In the name of Jetty's temporary directory. */
	private static final Pattern UUID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

	private static final Duration SETTLED = Duration.ofSeconds(30);

	private static final Duration UNCHANGED = Duration.ofSeconds(1);

	/** One of them, with its number; an acceptor has none. */
	private static final String OF_A_HANDLER = "tcp-";

	private static final Set<String> OF_A_SERVER = Set.of("http-", "https-", "XNIO-", "qtp");

	/**
	 * The census that stays the same for a while: a connection that was just closed still
	 * has its descriptor for a moment.
	 */
	static Census settled(DaemonProcess daemon) throws IOException {
		Census[] last = { of(daemon) };
		long[] since = { System.nanoTime() };
		daemon.await("a census that does not change", SETTLED, () -> {
			Census next = of(daemon);
			if (!next.equals(last[0])) {
				last[0] = next;
				since[0] = System.nanoTime();
			}
			return System.nanoTime() - since[0] > UNCHANGED.toNanos();
		});
		return last[0];
	}

	static Census of(DaemonProcess daemon) throws IOException {
		ProcessView process = new ProcessView(daemon.pid());
		DaemonCommand command = daemon.command();
		return new Census(count(process.descriptors().stream().map(Census::kindOf)), count(
				process.threadNames().stream().map(Census::withoutDigits).filter((name) -> !OF_THE_JVM.contains(name))),
				ProcessView.all()
					.stream()
					.filter((other) -> other.parent() == process.pid() && other.isZombie())
					.count(),
				count(names(command.runDirectory())), count(names(command.temporaryDirectory())));
	}

	/**
	 * Without the threads of the server, whose number follows the load.
	 */
	Census withoutServerThreads() {
		SortedMap<String, Long> others = new TreeMap<>(this.threads);
		others.keySet()
			.removeIf((name) -> OF_A_SERVER.stream().anyMatch(name::startsWith)
					|| (name.startsWith(OF_A_HANDLER) && name.endsWith("#")));
		return new Census(this.descriptors, others, this.zombies, this.runFiles, this.temporaryFiles);
	}

	private static Stream<String> names(Path directory) throws IOException {
		try (Stream<Path> entries = Files.list(directory)) {
			List<String> names = entries.map((entry) -> withoutDigits(entry.getFileName().toString())).toList();
			return names.stream();
		}
	}

	private static String kindOf(String target) {
		int colon = target.indexOf(":[");
		return (colon > 0) ? target.substring(0, colon) : withoutDigits(target);
	}

	private static String withoutDigits(String name) {
		return UUID.matcher(name).replaceAll("#").replaceAll("\\d+", "#");
	}

	private static SortedMap<String, Long> count(Stream<String> names) {
		SortedMap<String, Long> counts = new TreeMap<>();
		names.forEach((name) -> counts.merge(name, 1L, Long::sum));
		return counts;
	}

}
