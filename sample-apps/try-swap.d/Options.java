package tryswap;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What the command line asks for.
 *
 * @param jar the daemon's jar
 * @param work a directory of this run alone
 * @param log the file for the daemon's output
 * @param tsv the file for the figures, or {@code null}
 * @param swaps the number of swaps
 * @param threads the number of clients
 * @param steady how long the load runs before the first swap and after the last
 * @param live whether a progress line can be overwritten
 */
record Options(Path jar, Path work, Path log, Path tsv, int swaps, int threads, Duration steady, boolean live) {

	static Options parse(String[] args) {
		Map<String, String> given = new HashMap<>();
		for (int i = 0; i < args.length; i++) {
			given.put(args[i], args[i].equals("--live") ? "" : args[++i]);
		}
		Path work = Path.of(given.get("--work"));
		return new Options(Path.of(given.get("--jar")), work,
				given.containsKey("--log") ? Path.of(given.get("--log")) : work.resolve("daemon.log"),
				given.containsKey("--tsv") ? Path.of(given.get("--tsv")) : null,
				Integer.parseInt(given.getOrDefault("--swaps", "3")),
				Integer.parseInt(given.getOrDefault("--threads", "12")),
				Duration.ofSeconds(Long.parseLong(given.getOrDefault("--seconds", "4"))), given.containsKey("--live"));
	}

}
