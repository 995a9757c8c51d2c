package io.gozd.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.gozd.it.fixture.EventRecorder;

/**
 * What the generations of a daemon were told as Spring applications. The jar must carry
 * {@link EventRecorder}.
 *
 * @param file the file that they write
 */
record EventRecord(Path file) {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	static EventRecord of(DaemonCommand command) {
		EventRecord events = new EventRecord(command.home().resolve("events"));
		command.arguments("--it.event-record=" + events.file());
		return events;
	}

	/**
	 * All that one of them was told, in its order.
	 */
	List<String> of(long pid) {
		String prefix = pid + " ";
		try {
			return Files.exists(this.file) ? Files.readAllLines(this.file)
				.stream()
				.filter((line) -> line.startsWith(prefix))
				.map((line) -> line.substring(prefix.length()))
				.toList() : List.of();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * What it was told of the daemon, without that of its start.
	 */
	List<String> ofDaemon(long pid) {
		return of(pid).stream().filter((event) -> !event.contains(" port ")).toList();
	}

	/**
	 * Waits for something that begins so.
	 */
	String await(DaemonProcess daemon, long pid, String beginning) {
		daemon.await("event of " + pid + ": " + beginning, LIMIT,
				() -> of(pid).stream().anyMatch((event) -> event.startsWith(beginning)));
		return of(pid).stream().filter((event) -> event.startsWith(beginning)).findFirst().orElseThrow();
	}

}
